#include "models/noise.h"

#include "base/error.h"
#include "dsp/frame_filter.h"

namespace nr {
namespace {

constexpr double kQuiet = -5;  // where the spectra's logits begin: 1/50000 of full scale

}  // namespace

Wire add_noise(Graph& g, const NoiseConfig& c, bool causal, Wire signal, Wire x) {
  if (c.ratios.empty()) return signal;
  const int tick = g.hop(), bands = g[signal].channels, hidden = c.hidden ? c.hidden : g[x].channels;
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    const bool last = i + 1 == c.ratios.size();
    ConvSpec spec{last ? bands * c.bins : hidden, c.kernel ? c.kernel : 2 * c.ratios[i], c.ratios[i], 1, 1, causal};
    if (last) spec.bias_start = kQuiet;
    x = g.conv(text("decoder/noise", i), i ? g.leaky_relu(x) : x, spec);
  }
  if (tick % g[x].hop) fail("model.noise.ratios make spectra every ", g[x].hop, " samples: expected a divisor of the hop of ", tick);
  const Wire noise = g.input("noise", bands, g[signal].hop);
  return g.add(signal, g.frame_filter("decoder/noise", g.mod_sigmoid(x), noise, design_frame_filter(c.bins)));
}

}  // namespace nr
