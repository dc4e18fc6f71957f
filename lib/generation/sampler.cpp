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

}  // namespace

Curves draw_curves(const Prior& prior, const SamplerConfig& config, const Curves& forced) {
  const int dimensions = prior.dimensions(), mixtures = prior.config().mixtures;
  if (int(forced.size()) != dimensions)
    fail("the prior has ", dimensions, " dimensions; curves for ", forced.size(), " were given");
  const std::vector<PriorRange> ranges = prior.ranges();
  Weights weights;
  collect(prior.network(), weights);
  const Lowered lowered = lower(make_steps(prior.network().graph(), weights, {"next"}));
  Playback player(lowered);
  std::vector<Signal> past{{dimensions, std::vector<float>(dimensions)}};
  Curves out(dimensions, std::vector<float>(config.frames));
  for (int tick = 0; tick < config.frames + prior.longest_delay(); ++tick) {
    const std::vector<float>& next = player.tick(past, 0)[0].rows;
    for (int d = 0; d < dimensions; ++d) {
      const int frame = tick - delay_of(prior.config(), d);
      if (frame < 0) continue;
      const PriorRange& range = ranges[d];
      double value;
      if (!forced[d].empty()) {
        value = forced[d][std::min<size_t>(frame, forced[d].size() - 1)];
      } else {
        Random random(config.seed, frame, d);
        const double drawn =
            draw_logistic(next.data() + size_t(d) * 3 * mixtures, mixtures, config.temperature, random);
        value = range.mean + range.deviation * std::clamp(drawn, range.low, range.high);
      }
      past[0].rows[d] = level_of(range, prior.config().levels, value);
      if (frame < config.frames) out[d][frame] = float(value);
    }
  }
  return out;
}

}  // namespace nr
