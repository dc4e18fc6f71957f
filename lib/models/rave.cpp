#include "models/rave.h"

#include "base/error.h"

namespace nr {

PosteriorWires encode(Graph& g, const RaveConfig& c, Wire bands) {
  const auto name = [](const char* what, size_t i) { return text("encoder/", what, i); };
  const std::vector<int> widths = doubled_widths(c, c.capacity);
  Wire x = g.conv("encoder/in", bands, ConvSpec(widths[0], 7).causal_if(c.causal));
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    x = g.leaky_relu(g.batch_norm(name("norm", i), x));
    x = g.conv(name("down", i), x,
               ConvSpec(widths[i + 1], 2 * c.ratios[i] + 1).strided(c.ratios[i]).causal_if(c.causal));
  }
  // Two groups: mean and scale read disjoint halves of the channels, as published.
  const ConvSpec last = ConvSpec(posterior_channels(c), 5).grouped(statistics(c.latent)).causal_if(c.causal);
  return posterior(g, c, g.conv("encoder/out", g.leaky_relu(x), last));
}

Wire decode(Graph& g, const RaveConfig& c, const DecoderWires& in) {
  Film film(g, c, in.controls);
  const auto spec = [&](int channels, int kernel) {
    return ConvSpec(channels, kernel).causal_if(c.causal).weight_normed();
  };
  const std::vector<int> widths = doubled_widths(c, c.capacity);
  Wire x = g.conv("decoder/in", in.latent, spec(widths.back(), 7));
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    const std::string stage = text("decoder/", i);
    const int channels = widths[c.ratios.size() - 1 - i];
    x = g.conv_transpose(stage + "/up", g.leaky_relu(x),
                         spec(channels, 2 * c.ratios[i]).strided(c.ratios[i]).without_bias());
    x = film.apply(stage, x, c.ratios[i]);
    for (size_t j = 0; j < c.dilations.size(); ++j) {
      const std::string unit = text(stage, "/residual", j);
      Wire y = g.conv(unit + "/a", g.leaky_relu(x), spec(channels, 3).dilated(c.dilations[j]).without_bias());
      y = g.conv(unit + "/b", g.leaky_relu(y), spec(channels, 3).without_bias());
      x = g.add(x, y);
    }
  }
  x = g.leaky_relu(x);
  if (c.excitation.bins) return add_noise(g, c.noise, c.causal, excite(g, c, in.source, x), x);
  const Wire waveform = g.tanh(g.conv("decoder/waveform", x, spec(c.bands, 7)));
  const Wire loudness = g.mod_sigmoid(g.conv("decoder/loudness", x, spec(1, 3)));
  return add_noise(g, c.noise, c.causal, g.mul(waveform, loudness), x);
}

}  // namespace nr
