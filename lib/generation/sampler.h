// Draws from a prior step by step: its graph is lowered and streamed one frame a tick, and each tick is given what the
// last one drew.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "nn/prior.h"

namespace nr {

struct SamplerConfig {
  double temperature = 1;  // 0: the likeliest at every step
  uint64_t seed = 1;
};

// Frames in turn, in constant memory. Forced values come out as given, and what is drawn is conditioned on them. Each
// draw has random numbers of its own, keyed by (seed, frame, dimension), so forcing one dimension leaves those of the
// others as they are.
class Sampler {
 public:
  // forced: of every dimension, controls first. Error for another number of them.
  Sampler(const Prior& prior, const SamplerConfig& config, const std::vector<bool>& forced);
  ~Sampler();
  Sampler(Sampler&&) noexcept;
  // values: the newest frame of every dimension in the decoder's numbers; only the forced ones are read. -> the frame
  // given delay() calls before, all dimensions; nullptr until there is one. Valid until the next call.
  const float* next(const float* values);
  int delay() const;  // frames: the prior's diagonal shift

 private:
  struct State;
  std::unique_ptr<State> state_;
};

using Curves = std::vector<std::vector<float>>;  // [dimension][frame]

// forced: one curve a dimension; empty where the prior draws. After its end a curve keeps its last value. -> `frames`
// of every dimension.
Curves draw_curves(const Prior& prior, int frames, const SamplerConfig& config, const Curves& forced);

}  // namespace nr
