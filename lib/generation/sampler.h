// Draws from a prior step by step: its graph is lowered and streamed one frame a tick, and each tick is given what the
// last one drew.
#pragma once
#include <cstdint>
#include <vector>

#include "nn/prior.h"

namespace nr {

using Curves = std::vector<std::vector<float>>;  // [dimension][frame]

struct SamplerConfig {
  int frames = 0;
  double temperature = 1;  // 0: the likeliest at every step
  uint64_t seed = 1;
};

// forced: one curve a dimension, in the decoder's numbers; empty where the prior draws. After its end a curve keeps its
// last value. Forced values come out as given, and what is drawn is conditioned on them. -> `frames` of every
// dimension, controls first. Each draw has random numbers of its own, keyed by (seed, frame, dimension), so forcing one
// dimension leaves those of the others as they are.
Curves draw_curves(const Prior& prior, const SamplerConfig& config, const Curves& forced);

}  // namespace nr
