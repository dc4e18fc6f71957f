// How many numbers training can change.
#pragma once
#include "nn/part.h"

namespace nr {

inline int64_t count_parameters(const torch::nn::Module& module) {
  int64_t out = 0;
  for (const torch::Tensor& p : module.parameters()) out += p.numel();
  return out;
}
inline int64_t count_parameters(const Parts& parts) {
  int64_t out = 0;
  for (const Part& part : parts) out += count_parameters(*part.module);
  return out;
}

}  // namespace nr
