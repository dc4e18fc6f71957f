// Differentiable descriptors: the framing and definitions of descriptors/, with gradients. Only rolloff differs: the
// reference moves from bin to bin, this one moves smoothly and differs by half a bin at most. Sharpness, warmth and
// booming are the reference's own loudness model, computed with its slopes.
#pragma once
#include <torch/types.h>

#include <string>
#include <vector>

#include "descriptors/descriptor.h"

namespace nr {

const std::vector<std::string>& differentiable_descriptors();

// audio: [n, 1, samples] -> [n, names, samples / latent_hop] in warped units (dB, octaves): each latent frame's area
// average, as descriptors/average() then warp(). Error for a name that is not one of differentiable_descriptors().
// Silence gives the floor of warp() where the reference has NaN (a mask says where it is).
torch::Tensor measure_descriptors(const torch::Tensor& audio, const std::vector<std::string>& names,
                                  const Framing& framing, int latent_hop);

// How far each latent frame is from repeating with the asked pitch: the mean over its measurements of YIN's normalised
// difference at the period of `hz` (de Cheveigne and Kawahara, 2002, equation 8; samples beyond the window are zeros).
// Of a sound of that pitch it is at most the period's share of the window. A sound an octave above gives as little. A
// sound without that period gives about 1. audio: [n, 1, samples], hz: [n, samples / latent_hop] -> as hz.
torch::Tensor aperiodicity(const torch::Tensor& audio, const torch::Tensor& hz, const Framing& framing, int latent_hop);

}  // namespace nr
