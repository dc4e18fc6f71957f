// Draws from a prior step by step: its graph is lowered and streamed one frame a tick, each tick hearing what the last one gave.
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

// forced: a curve a dimension, as the decoder takes it, or empty where the prior draws; beyond its end it holds. Forced values come out
// as given, and all that is drawn knows them. -> `frames` of every dimension, knobs first. Every draw has a chance of its own, keyed by
// (seed, frame, dimension): forcing one dimension changes no other's.
Curves draw_curves(const Prior& prior, const SamplerConfig& config, const Curves& forced);

}  // namespace nr
