#include "losses/known_gradient.h"

#include <torch/torch.h>

namespace nr {
namespace {

struct KnownGradient : torch::autograd::Function<KnownGradient> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& /*input*/,
                               const torch::Tensor& value, const torch::Tensor& gradient) {
    context->save_for_backward({gradient});
    return value.clone();
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& above) {
    return {context->get_saved_variables()[0] * above[0], {}, {}};
  }
};

}  // namespace

torch::Tensor with_gradient(const torch::Tensor& value, const torch::Tensor& input, const torch::Tensor& gradient) {
  return KnownGradient::apply(input, value, gradient);
}

}  // namespace nr
