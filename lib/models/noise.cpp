#include "models/noise.h"

#include "base/error.h"
#include "dsp/frame_filter.h"
#include "models/excitation.h"

namespace nr {
namespace {

constexpr double kQuiet = -5;  // first bias of the spectra's logits: noise begins at 1/50000 of full scale

}  // namespace

Wire add_noise(Graph& g, const NoiseConfig& c, bool causal, Wire signal, Wire x) {
  if (c.ratios.empty()) return signal;
  const int tick = g.hop();
  double every = g[x].hop;
  for (const int ratio : c.ratios) every *= ratio;
  if (every > tick || tick % int(every))
    fail("model.noise.ratios make spectra every ", every, " samples: expected a divisor of the hop of ", tick);
  const int bands = g[signal].channels, hidden = c.hidden ? c.hidden : g[x].channels;
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    const bool last = i + 1 == c.ratios.size();
    const int channels = last ? bands * c.bins : hidden, kernel = c.kernel ? c.kernel : 2 * c.ratios[i];
    x = g.conv(text("decoder/noise", i), i ? g.leaky_relu(x) : x,
               ConvSpec(channels, kernel).strided(c.ratios[i]).causal_if(causal).bias_from(last ? kQuiet : 0));
  }
  const Wire noise = noise_input(g, bands, g[signal].hop);
  return g.add(signal, g.frame_filter("decoder/noise", g.mod_sigmoid(x), noise, design_frame_filter(c.bins)));
}

}  // namespace nr
