// Differentiable twins of the descriptors: the same framing, the same definitions, with gradients. Only rolloff is softer than
// its original, which jumps from bin to bin: half a bin at most.
#pragma once
#include <torch/types.h>

#include <string>
#include <vector>

#include "descriptors/descriptor.h"

namespace nr {

// Descriptors that have a twin.
const std::vector<std::string>& differentiable_descriptors();

// audio: [n, 1, samples] -> [n, names, samples / latent_hop] in warped units (dB, octaves): each latent frame's area average, as
// descriptors/average() then warp(). Error for a name without a twin. Silence gives the floor of warp() where the reference has
// NaN (a mask says where it is).
torch::Tensor measure_descriptors(const torch::Tensor& audio, const std::vector<std::string>& names, const Framing& framing, int latent_hop);

}  // namespace nr
