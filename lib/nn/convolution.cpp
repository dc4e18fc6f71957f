#include "nn/convolution.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "dsp/convolution.h"
#include "nn/autocast.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

torch::Tensor by_torch(const ConvolutionLayer& l, const torch::Tensor& given) {
  const auto x = l.slope == 1 ? given : torch::leaky_relu(given, l.slope);
  const auto weight = l.gain.defined() ? torch::_weight_norm(l.weight, l.gain, 0) : l.weight;
  if (!l.transposed) {
    const auto padded = l.before || l.after ? F::pad(x, F::PadFuncOptions({l.before, l.after})) : x;
    return torch::conv1d(padded, weight, l.bias, l.stride, at::IntArrayRef({0}), l.dilation, l.groups);
  }
  const auto y = torch::conv_transpose1d(x, weight, l.bias, l.stride);
  return F::pad(y, F::PadFuncOptions({-l.before, -l.after}));
}

// One group's convolution between the sides of its tensors.
Convolution shape_of(const ConvolutionLayer& l, const torch::Tensor& slow, const torch::Tensor& fast) {
  Convolution c;
  c.batch = int(slow.size(0));
  c.slow_channels = int(slow.size(1) / l.groups), c.fast_channels = int(fast.size(1) / l.groups);
  c.slow_frames = int(slow.size(2)), c.fast_frames = int(fast.size(2));
  c.kernel = int(l.weight.size(2)), c.stride = int(l.stride), c.dilation = int(l.dilation), c.before = int(l.before);
  c.slow_item = int(slow.size(1) * slow.size(2)), c.fast_item = int(fast.size(1) * fast.size(2));
  return c;
}

bool has_kernel(const ConvolutionLayer& l, const torch::Tensor& x) {
  const bool floats = x.is_cpu() && x.scalar_type() == torch::kFloat && l.weight.scalar_type() == torch::kFloat;
  constexpr int64_t kFewestFrames = 8;  // fewer leave most of a vector empty
  const int64_t slow_frames = l.transposed ? x.size(-1) : x.size(-1) / l.stride;
  const bool shaped = l.before >= 0 && (l.stride == 1 || l.dilation == 1) && slow_frames >= kFewestFrames;
  return floats && shaped && (!l.transposed || (l.groups == 1 && l.after >= 0));
}

template <class Work>
void in_parallel(int tasks, const Work& work) {
  at::parallel_for(0, tasks, 1, [&](int64_t begin, int64_t end) { work(int(begin), int(end)); });
}

const float* numbers(const torch::Tensor& t, int64_t from = 0) {
  return t.numel() ? t.data_ptr<float>() + from : nullptr;
}

struct Convolve : torch::autograd::Function<Convolve> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& weight, const torch::Tensor& gain, const torch::Tensor& bias,
                               const ConvolutionLayer& l, bool differentiable) {
    const auto x = given.contiguous();
    const int64_t kernel = weight.size(2), in = x.size(2);
    const int64_t frames = l.transposed ? (in - 1) * l.stride + kernel - l.before - l.after
                                        : (in + l.before + l.after - (kernel - 1) * l.dilation - 1) / l.stride + 1;
    const int64_t out = l.transposed ? weight.size(1) : weight.size(0);
    torch::Tensor y = torch::empty({x.size(0), out, frames}, x.options().requires_grad(false));
    const auto scale = scale_of(weight, gain);
    const auto& slow = l.transposed ? x : y;
    const auto& fast = l.transposed ? y : x;
    const Convolution c = shape_of(l, slow, fast);
    for (int64_t g = 0; g < l.groups; ++g) {
      const int64_t slow_from = g * c.slow_channels * c.slow_frames, fast_from = g * c.fast_channels * c.fast_frames;
      const ConvolutionWeights w = weights_of(c, weight, scale, g);
      const float* start = numbers(bias, g * (l.transposed ? c.fast_channels : c.slow_channels));
      if (l.transposed) {
        const auto padded = padded_slow(c, numbers(x, slow_from), float(l.slope)), panels = fast_panels(c, w);
        in_parallel(fast_tasks(c), [&](int first, int last) {
          write_fast(c, panels, padded, start, nullptr, 1, y.data_ptr<float>() + fast_from, first, last);
        });
      } else {
        const auto padded = padded_fast(c, numbers(x, fast_from), float(l.slope)), panels = slow_panels(c, w);
        in_parallel(slow_tasks(c), [&](int first, int last) {
          write_slow(c, panels, padded, start, nullptr, 1, y.data_ptr<float>() + slow_from, first, last);
        });
      }
    }
    if (!differentiable) return y;
    context->save_for_backward({x, weight, gain});
    context->saved_data["layer"] = torch::IValue(std::vector<int64_t>{
        l.stride, l.dilation, l.groups, l.before, l.transposed, given.requires_grad(),
        weight.requires_grad() || gain.requires_grad(), bias.requires_grad()});
    context->saved_data["slope"] = l.slope;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& above) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &weight = saved[1], &gain = saved[2], dy = above[0].contiguous();
    const std::vector<int64_t> numbers_of = context->saved_data["layer"].toIntVector();
    ConvolutionLayer l;
    l.weight = weight;
    l.stride = numbers_of[0], l.dilation = numbers_of[1], l.groups = numbers_of[2], l.before = numbers_of[3];
    l.transposed = numbers_of[4];
    l.slope = context->saved_data["slope"].toDouble();
    const bool by_input = numbers_of[5], by_weight = numbers_of[6], by_bias = numbers_of[7];
    const auto scale = scale_of(weight, gain);
    const Convolution c = l.transposed ? shape_of(l, x, dy) : shape_of(l, dy, x);
    torch::Tensor dx, dw;
    if (by_input) dx = torch::empty_like(x);
    if (by_weight) dw = torch::empty_like(weight);
    torch::Tensor activated = x;
    if (l.transposed && by_weight && l.slope != 1) activated = torch::leaky_relu(x, l.slope);
    for (int64_t g = 0; g < l.groups; ++g) {
      const int64_t slow_from = g * c.slow_channels * c.slow_frames, fast_from = g * c.fast_channels * c.fast_frames;
      const ConvolutionWeights w = weights_of(c, weight, scale, g);
      const float* rectified = l.slope == 1 ? nullptr : numbers(x, l.transposed ? slow_from : fast_from);
      std::vector<float> fast;
      if (by_weight || l.transposed)
        fast = padded_fast(c, numbers(l.transposed ? dy : x, fast_from), l.transposed ? 1 : float(l.slope));
      if (by_input && l.transposed) {
        const auto panels = slow_panels(c, w);
        in_parallel(slow_tasks(c), [&](int first, int last) {
          write_slow(c, panels, fast, nullptr, rectified, float(l.slope), dx.data_ptr<float>() + slow_from, first,
                     last);
        });
      }
      if (by_input && !l.transposed) {
        const auto slow = padded_slow(c, numbers(dy, slow_from), 1), panels = fast_panels(c, w);
        in_parallel(fast_tasks(c), [&](int first, int last) {
          write_fast(c, panels, slow, nullptr, rectified, float(l.slope), dx.data_ptr<float>() + fast_from, first,
                     last);
        });
      }
      if (by_weight)
        in_parallel(gradient_tasks(c), [&](int first, int last) {
          write_gradient(c, numbers(l.transposed ? activated : dy, slow_from), fast,
                         dw.data_ptr<float>() + g * c.slow_channels * c.fast_channels * c.kernel, first, last);
        });
    }
    torch::Tensor dgain, dbias;
    if (by_bias) dbias = dy.sum(at::IntArrayRef({0, 2}));
    if (by_weight && gain.numel()) {  // Salimans and Kingma, arXiv:1602.07868, equation 3
      const auto norm = weight.norm(2, {1, 2}, true);
      dgain = (dw * weight).sum({1, 2}, true) / norm;
      dw = (dw - weight * (dgain / norm)) * (gain / norm);
    }
    return {dx, dw, dgain, dbias, {}, {}};
  }

 private:
  static torch::Tensor scale_of(const torch::Tensor& weight, const torch::Tensor& gain) {
    return gain.numel() ? (gain / weight.norm(2, {1, 2}, true)).contiguous() : gain;
  }
  static ConvolutionWeights weights_of(const Convolution& c, const torch::Tensor& weight, const torch::Tensor& scale,
                                       int64_t group) {
    const int64_t row = group * c.slow_channels;
    return {numbers(weight, row * c.fast_channels * c.kernel), numbers(scale, row)};
  }
};

}  // namespace

torch::Tensor convolve(const ConvolutionLayer& l, const torch::Tensor& given) {
  // LibTorch 1.13 has no transposed one in bfloat16 on the CPU.
  if (autocasts(given.device()) && !(given.is_cpu() && l.transposed)) return by_torch(l, given);
  const torch::Tensor x = float32(given);
  if (!has_kernel(l, x)) return by_torch(l, x);
  // Function::apply takes no undefined tensor.
  const auto or_empty = [&](const torch::Tensor& t) { return t.defined() ? t : torch::empty({0}, x.options()); };
  const bool differentiable = torch::GradMode::is_enabled();
  return Convolve::apply(x, l.weight.contiguous(), or_empty(l.gain), or_empty(l.bias), l, differentiable);
}

}  // namespace nr
