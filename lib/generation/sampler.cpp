#include "generation/sampler.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "deploy/lower.h"
#include "deploy/play.h"
#include "deploy/steps.h"
#include "deploy/weights.h"
#include "nn/logistics.h"

namespace nr {
namespace {

// What the network is given of a value: its level, in deviations, as in training.
float level_of(const PriorRange& range, int levels, double value) {
  const double step = (range.high - range.low) / (levels - 1);
  const double index = std::round(((value - range.mean) / range.deviation - range.low) / step);
  return float(range.low + step * std::clamp<double>(index, 0, levels - 1));
}

Lowered lowered_network(const Prior& prior) {
  Weights weights;
  collect(prior.network(), weights);
  return lower(make_steps(prior.network().graph(), weights, {"next"}));
}

}  // namespace

struct Sampler::State {
  PriorConfig prior;
  SamplerConfig config;
  std::vector<bool> forced;
  std::vector<PriorRange> ranges;
  int delay;
  Lowered network;
  Playback player;
  std::vector<Signal> past;               // what the last tick drew, in levels
  std::vector<std::vector<float>> rows;   // of the newest delay + 1 frames, in a ring
  int64_t tick = 0;

  State(const Prior& p, const SamplerConfig& c, const std::vector<bool>& f)
      : prior(p.config()),
        config(c),
        forced(f),
        ranges(p.ranges()),
        delay(p.longest_delay()),
        network(lowered_network(p)),
        player(network),
        past{{p.dimensions(), std::vector<float>(size_t(p.dimensions()))}},
        rows(size_t(delay) + 1, std::vector<float>(size_t(p.dimensions()))) {}

  float draw(const std::vector<float>& said, int d, int64_t frame) const {
    const PriorRange& range = ranges[d];
    Random random(config.seed, frame, d);
    const double drawn =
        draw_logistic(said.data() + size_t(d) * 3 * prior.mixtures, prior.mixtures, config.temperature, random);
    return float(range.mean + range.deviation * std::clamp(drawn, range.low, range.high));
  }
};

Sampler::Sampler(const Prior& prior, const SamplerConfig& config, const std::vector<bool>& forced) {
  if (int(forced.size()) != prior.dimensions())
    fail("the prior has ", prior.dimensions(), " dimensions; curves for ", forced.size(), " were given");
  state_ = std::make_unique<State>(prior, config, forced);
}

Sampler::~Sampler() = default;
Sampler::Sampler(Sampler&&) noexcept = default;

int Sampler::delay() const { return state_->delay; }

const float* Sampler::next(const float* values) {
  State& s = *state_;
  const size_t dimensions = s.forced.size();
  const auto row = [&](int64_t frame) -> std::vector<float>& { return s.rows[size_t(frame) % s.rows.size()]; };
  std::copy(values, values + dimensions, row(s.tick).begin());
  const std::vector<float>& said = s.player.tick(s.past, 0)[0].rows;
  for (int d = 0; d < int(dimensions); ++d) {
    const int64_t frame = s.tick - delay_of(s.prior, d);
    if (frame < 0) continue;
    float& value = row(frame)[d];
    if (!s.forced[d]) value = s.draw(said, d, frame);
    s.past[0].rows[d] = level_of(s.ranges[d], s.prior.levels, value);
  }
  const int64_t complete = s.tick++ - s.delay;
  return complete < 0 ? nullptr : row(complete).data();
}

Curves draw_curves(const Prior& prior, int frames, const SamplerConfig& config, const Curves& forced) {
  std::vector<bool> given;
  for (const std::vector<float>& curve : forced) given.push_back(!curve.empty());
  Sampler sampler(prior, config, given);
  Curves out(forced.size());
  std::vector<float> values(forced.size());
  for (int tick = 0; tick < frames + sampler.delay(); ++tick) {
    for (size_t d = 0; d < forced.size(); ++d)
      if (given[d]) values[d] = forced[d][std::min<size_t>(tick, forced[d].size() - 1)];
    const float* row = sampler.next(values.data());
    for (size_t d = 0; row && d < forced.size(); ++d) out[d].push_back(row[d]);
  }
  return out;
}

}  // namespace nr
