// What a trained latent holds: its principal components, by which a few of many dimensions are shipped (RAVE,
// arXiv:2111.05011, section 3.3).
#pragma once
#include <torch/types.h>

#include <vector>

#include "nn/safetensors.h"

namespace nr {

struct LatentSpace {
  torch::Tensor mean;        // [latent_size]
  torch::Tensor components;  // [latent_size, latent_size]: a row each, orthonormal, of falling variance, signed so that
                             // level grows with it
  torch::Tensor variance;    // [latent_size], along each

  bool known() const { return mean.defined(); }
  double fidelity(int kept) const;      // share of the variance that the first `kept` components hold, 0 to 1
  int components_for(double fidelity) const;  // fewest that hold that share; at least 1
  // To and from the first `kept` components: [batch, latent_size, frames] <-> [batch, kept, frames]
  torch::Tensor project(const torch::Tensor& latent, int kept) const;
  torch::Tensor restore(const torch::Tensor& projected) const;
};

// means: [frames, latent_size], level: [frames], any unit. Works from one frame on: with fewer frames than dimensions
// the last variances are 0.
LatentSpace analyse_latents(const torch::Tensor& means, const torch::Tensor& level);

void store(const LatentSpace& space, Checkpoint& checkpoint);
LatentSpace load_latent_space(const Checkpoint& checkpoint,
                              int latent_size);  // not known() where the checkpoint has none; Error on other shapes

}  // namespace nr
