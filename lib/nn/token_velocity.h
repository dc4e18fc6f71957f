// A velocity field over tokens of parameters: a transformer does not know the order of its tokens, so a network that
// gives interchangeable parameters (those of equal oscillators) tokens of their own treats them alike (Hayes, Saitis
// and Fazekas, Audio synthesizer inversion in symmetric parameter spaces with approximately equivariant flow matching,
// ISMIR 2025). The blocks are those of a diffusion transformer, conditioned by their norms (Peebles and Xie,
// arXiv:2212.09748).
#pragma once
#include <torch/torch.h>

#include <vector>

#include "models/regressor.h"

namespace nr {

class TokenVelocity : public torch::nn::Module {
 public:
  // parameters: numbers in and out; condition: of the time and the sound together.
  TokenVelocity(const RegressorConfig& config, int64_t parameters, int64_t condition);
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& condition);  // [n, parameters] -> the same
  // [tokens, parameters]: token = sum of assignment * (value * direction + offset) over the parameters; the way back
  // uses the same.
  const torch::Tensor& assignment() const { return assignment_; }

 private:
  struct Block {
    torch::nn::Linear modulation{nullptr}, attention{nullptr}, mixed{nullptr}, wide{nullptr}, narrow{nullptr};
  };
  torch::Tensor attend(Block& block, const torch::Tensor& tokens);

  int64_t width_, heads_;
  torch::Tensor assignment_, direction_, offset_, out_direction_, out_offset_;
  std::vector<Block> blocks_;
  torch::nn::Linear last_{nullptr};  // modulation of the last norm
};

}  // namespace nr
