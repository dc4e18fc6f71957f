// A scalar whose gradient is known when the scalar is: the backward pass only scales it.
#pragma once
#include <torch/types.h>

namespace nr {

// value: a scalar of `input`; gradient: of the value by `input`, of its shape. -> the value, through which the gradient
// reaches `input`. It has no second derivative.
torch::Tensor with_gradient(const torch::Tensor& value, const torch::Tensor& input, const torch::Tensor& gradient);

}  // namespace nr
