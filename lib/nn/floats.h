// A tensor as plain numbers, for what is not LibTorch's.
#pragma once
#include <torch/types.h>

#include <vector>

namespace nr {

// In the tensor's order, from any device and of any type; none where it is undefined.
std::vector<float> floats_of(const torch::Tensor& tensor);

}  // namespace nr
