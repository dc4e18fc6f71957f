// Waveform discriminator against decoder. training.adversarial names the losses of both sides. Every loss is a sum over
// sub-discriminators (scales, periods, STFT sizes) of the mean over a sub-discriminator's outputs.
#pragma once
#include <torch/types.h>

#include "base/table.h"
#include "losses/table.h"

namespace nr {

struct Adversarial {
  const char* name;
  // Of a sub-discriminator's scores x -> its scalar loss.
  torch::Tensor (*on_real)(const torch::Tensor& x);  // the discriminator's on real audio ...
  torch::Tensor (*on_made)(const torch::Tensor& x);  // ... and on decoded
  torch::Tensor (*decoder)(const torch::Tensor& x);  // the decoder's on decoded
};

const Table<Adversarial>& adversarial();
// A sub-discriminator's whole loss where it knows nothing and every score is 0.
double undecided_loss(const Adversarial& loss);

torch::Tensor adversarial_discriminator(const LossInput& in);
torch::Tensor adversarial_generator(const LossInput& in);

// Mean absolute difference of every layer's output, averaged over layers. Relative: each layer's difference is divided
// by the mean magnitude of the real layer (RAVE v2), so that layers of large outputs do not outweigh the others. The
// weight in the config applies once (RAVE 2.3 multiplies by it twice).
torch::Tensor feature_matching(const LossInput& in);
torch::Tensor feature_matching_relative(const LossInput& in);

}  // namespace nr
