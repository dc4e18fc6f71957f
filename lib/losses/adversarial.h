// Waveform discriminator against decoder: training.adversarial names the pair of losses, so that both sides play the same game. Every
// term sums over judges (scales, periods, STFT sizes) the mean over a judge's outputs.
#pragma once
#include <torch/types.h>

#include "base/table.h"
#include "losses/input.h"

namespace nr {

struct Adversarial {
  const char* name;
  // Of a judge's scores x -> its scalar loss.
  torch::Tensor (*on_real)(const torch::Tensor& x);  // the discriminator's on real audio ...
  torch::Tensor (*on_made)(const torch::Tensor& x);  // ... and on decoded
  torch::Tensor (*decoder)(const torch::Tensor& x);  // the decoder's on decoded
};

const Table<Adversarial>& adversarial();

torch::Tensor adversarial_discriminator(const LossInput& in);
torch::Tensor adversarial_generator(const LossInput& in);

// Mean absolute difference of every layer's output, averaged over layers; relative: each layer's over the mean magnitude of the real
// (RAVE v2's), so that loud layers do not drown the others. The player's weight applies once (RAVE 2.3 multiplies by it twice).
torch::Tensor feature_matching(const LossInput& in);
torch::Tensor feature_matching_relative(const LossInput& in);

}  // namespace nr
