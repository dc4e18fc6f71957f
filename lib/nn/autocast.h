// Mixed precision (Micikevicius et al., arXiv:1710.03740) in bfloat16, which needs no scaling of losses. A network's
// pass computes its convolutions in bfloat16, gradients included; what comes in and goes out of it is float32, and so
// are its filter bank, its norms and the functions behind its last layer. All else of a step never sees bfloat16.
#pragma once
#include <torch/types.h>

namespace nr {

// While it lives, passes of this process are in bfloat16, where `on`: a step of training.
class MixedPrecision {
 public:
  explicit MixedPrecision(bool on);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  bool before_;
};

// LibTorch's autocast on the device for as long as it lives, which is a pass or a piece of one. on: where the step is
// in mixed precision; else off.
class Autocast {
 public:
  Autocast(const torch::Device& device, bool on);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  torch::DeviceType device_;
  bool before_, cached_;
};

bool autocasts(const torch::Device& device);     // here and now
torch::Tensor float32(const torch::Tensor& x);  // of bfloat16; x itself where it is anything else

}  // namespace nr
