#include "models/rave.h"

#include "base/error.h"

namespace nr {

PosteriorWires encode(Graph& g, const RaveConfig& c, Wire bands) {
  const auto name = [](const char* what, size_t i) { return text("encoder/", what, i); };
  int channels = c.capacity;
  Wire x = g.conv("encoder/in", bands, {channels, 7, 1, 1, 1, c.causal});
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    x = g.leaky_relu(g.batch_norm(name("norm", i), x));
    channels *= 2;
    x = g.conv(name("down", i), x, {channels, 2 * c.ratios[i] + 1, c.ratios[i], 1, 1, c.causal});
  }
  // Two groups: mean and scale read disjoint halves of the channels, as published.
  return posterior(g, c, g.conv("encoder/out", g.leaky_relu(x), {posterior_channels(c), 5, 1, 1, statistics(c.latent), c.causal}));
}

Wire decode(Graph& g, const RaveConfig& c, Wire x, Wire controls) {
  Film film(g, c, controls);
  const auto conv = [&](const std::string& name, Wire from, int channels, int kernel, int dilation, bool bias) {
    return g.conv(name, from, {channels, kernel, 1, dilation, 1, c.causal, bias, true});
  };
  int channels = c.capacity << c.ratios.size();
  x = conv("decoder/in", x, channels, 7, 1, true);
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    const std::string stage = text("decoder/", i);
    channels /= 2;
    x = g.conv_transpose(stage + "/up", g.leaky_relu(x), {channels, 2 * c.ratios[i], c.ratios[i], 1, 1, c.causal, false, true});
    x = film.apply(stage, x, c.ratios[i]);
    for (size_t j = 0; j < c.dilations.size(); ++j) {
      const std::string unit = text(stage, "/residual", j);
      Wire y = conv(unit + "/a", g.leaky_relu(x), channels, 3, c.dilations[j], false);
      y = conv(unit + "/b", g.leaky_relu(y), channels, 3, 1, false);
      x = g.add(x, y);
    }
  }
  x = g.leaky_relu(x);
  const Wire waveform = g.tanh(conv("decoder/waveform", x, c.bands, 7, 1, true));
  const Wire loudness = g.mod_sigmoid(conv("decoder/loudness", x, 1, 3, 1, true));
  return add_noise(g, c.noise, c.causal, g.mul(waveform, loudness), x);
}

}  // namespace nr
