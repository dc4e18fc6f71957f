#include "nn/transposed_convolution.h"

namespace nr {
namespace {

using Numbers = std::vector<int64_t>;  // stride, padding, dilation

struct InputGradient : torch::autograd::Function<InputGradient> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const Numbers& shape, const Numbers& size) {
    context->save_for_backward({x, weight});
    context->saved_data["shape"] = shape;
    const auto input = torch::empty(size, x.options());  // of which only the size counts
    return std::get<0>(gradients(x, input, weight, shape, {true, false, false}));
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& above) {
    const auto saved = context->get_saved_variables();
    const Numbers s = context->saved_data["shape"].toIntVector();
    const auto &x = saved[0], &weight = saved[1], gradient = above[0].contiguous();
    return {at::conv2d(gradient, weight, {}, {s[0], s[0]}, {s[1], s[1]}, {s[2], s[2]}),
            std::get<1>(gradients(x, gradient, weight, s, {false, true, false})), {}, {}};
  }

 private:
  static std::tuple<torch::Tensor, torch::Tensor, torch::Tensor> gradients(
      const torch::Tensor& above, const torch::Tensor& input, const torch::Tensor& weight, const Numbers& s,
      std::array<bool, 3> wanted) {
    return at::convolution_backward(above, input, weight, c10::nullopt, {s[0], s[0]}, {s[1], s[1]}, {s[2], s[2]},
                                    false, {0, 0}, 1, wanted);
  }
};

}  // namespace

torch::Tensor TransposedConvolution2dImpl::forward(const torch::Tensor& x) {
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat) return torch::nn::ConvTranspose2dImpl::forward(x);
  const auto of = [](const auto& numbers) { return (*numbers)[0]; };
  using std::get;  // beside LibTorch's own variant's, of 1.13
  const Numbers shape{of(options.stride()), of(get<torch::ExpandingArray<2>>(options.padding())),
                      of(options.dilation())};
  const auto size = [&](int64_t axis) {
    return (x.size(axis) - 1) * shape[0] - 2 * shape[1] + shape[2] * (weight.size(axis) - 1) +
           of(options.output_padding()) + 1;
  };
  return InputGradient::apply(x, weight, shape, Numbers{x.size(0), weight.size(1), size(2), size(3)}) +
         bias.reshape({1, -1, 1, 1});
}

}  // namespace nr
