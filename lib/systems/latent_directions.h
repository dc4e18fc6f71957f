// Directions in the latent of synthesizer inference, ranked by how much they move the parameters.
#pragma once
#include <vector>

#include "data/dataset.h"
#include "nn/latent_space.h"
#include "systems/synthesizer.h"

namespace nr {

constexpr double kDirectionEnd = 4;  // deviations to each side that count

// What the encoder gives of training sounds, at most `most`: [sounds, latent_size].
torch::Tensor training_latents(SynthesizerSystem& system, const Dataset& dataset, size_t most);

// A line through the latent: middle + place * step, places in deviations of the training sounds.
struct LatentDirection {
  torch::Tensor middle, step;  // [latent_size]
  double movement = 0;         // mean standard deviation of the parameters' positions along it, -4 ... 4
  double share = 0;            // of a component: of the variance
  int component = 0;           // its place among them, from 0
  torch::Tensor at(const torch::Tensor& places) const;  // [n] -> [n, latent_size]
};
double movement_along(SynthesizerSystem& system, const LatentDirection& direction);

// The principal components, the one that moves the parameters most first: the ranking for performance of the published
// code, which ranks by PCA or ICA.
std::vector<LatentDirection> ranked_directions(SynthesizerSystem& system, const LatentSpace& space);

}  // namespace nr
