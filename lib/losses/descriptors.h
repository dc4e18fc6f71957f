// Differentiable twins of the descriptors: the same framing, the same definitions, with gradients. Only rolloff is softer than
// its original, which jumps from bin to bin: half a bin at most.
#pragma once
#include <torch/types.h>

#include <string>
#include <vector>

#include "descriptors/descriptor.h"
#include "losses/names.h"

namespace nr {

// audio: [n, 1, samples] -> [n, names, samples / latent_hop] in warped units (dB, octaves): each latent frame's area average, as
// descriptors/average() then warp(). Error for a name without a twin. Silence gives the floor of warp() where the reference has
// NaN (a mask says where it is).
torch::Tensor measure_descriptors(const torch::Tensor& audio, const std::vector<std::string>& names, const Framing& framing, int latent_hop);

// How far each latent frame is from repeating with the asked pitch: the mean over its measurements of YIN's normalised difference at the
// period of `hz` (de Cheveigne and Kawahara, 2002, equation 8; as descriptors/yin.h has it). For a sound of that pitch at most the
// period's share of the window, for one an octave above it as little; about 1 for one that has nothing of it.
// audio: [n, 1, samples], hz: [n, samples / latent_hop] -> as hz.
torch::Tensor aperiodicity(const torch::Tensor& audio, const torch::Tensor& hz, const Framing& framing, int latent_hop);

}  // namespace nr
