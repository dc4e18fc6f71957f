#include "nn/floats.h"

namespace nr {

std::vector<float> floats_of(const torch::Tensor& tensor) {
  if (!tensor.defined()) return {};
  const torch::Tensor t = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
}

}  // namespace nr
