// Mean and deviation of every channel over all frames, pooled exactly and in double: however they come in batches, the
// same (Chan, Golub and LeVeque, 1979).
#pragma once
#include <torch/types.h>

namespace nr {

struct Moments {
  int64_t frames = 0;
  torch::Tensor mean, squares;  // [channels]; squares: distances from the mean, squared and summed

  void add(const torch::Tensor& x);  // [batch, channels, frames]
  torch::Tensor deviation() const;   // over all frames, not frames - 1
  torch::Tensor constant() const;  // [channels], bool: the deviation is float32's rounding beside the mean, or beside 1
};

}  // namespace nr
