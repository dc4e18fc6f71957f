#include "models/rave_v2.h"

#include "base/error.h"

namespace nr {
namespace {

std::vector<int> widths_of(const RaveV2Config& c) {
  if (c.dilations.size() != c.ratios.size())
    fail("model.dilations has ", c.dilations.size(), " lists for ", c.ratios.size(), " ratios: expected one each");
  if (c.widths.empty()) return doubled_widths(c, c.capacity);
  if (c.widths.size() != c.ratios.size() + 1)
    fail("model.widths has ", c.widths.size(), " channels for ", c.ratios.size(),
         " ratios: expected one more than ratios");
  return c.widths;
}

ConvSpec spec(const RaveV2Config& c, int channels, int kernel) {
  return ConvSpec(channels, kernel).causal_if(c.causal).without_bias().weight_normed();
}

Wire activate(Graph& g, const RaveV2Config& c, const std::string& name, Wire x) {
  return c.activation == "snake" ? g.snake(name + "/snake", x) : g.leaky_relu(x);
}

Wire slot(Graph& g, const RaveV2Config& c, const std::string& stage, Wire x) {
  return c.adain ? g.adain(stage + "/adain", x) : x;
}

Wire residual_units(Graph& g, const RaveV2Config& c, const std::string& stage, Wire x,
                    const std::vector<int>& dilations) {
  const int channels = g[x].channels;
  for (size_t i = 0; i < dilations.size(); ++i) {
    const std::string unit = text(stage, "/residual", i);
    const Wire y = g.conv(unit + "/a", activate(g, c, unit + "/a", x), spec(c, channels, 3).dilated(dilations[i]));
    x = g.add(x, g.conv(unit + "/b", activate(g, c, unit + "/b", y), spec(c, channels, 1)));
  }
  return x;
}

}  // namespace

PosteriorWires encode(Graph& g, const RaveV2Config& c, Wire bands) {
  const std::vector<int> widths = widths_of(c);
  Wire x = g.conv("encoder/in", bands, spec(c, widths[0], 7));
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    const std::string stage = text("encoder/", i);
    x = residual_units(g, c, stage, slot(g, c, stage, x), c.dilations[i]);
    x = g.conv(stage + "/down", activate(g, c, stage, x), spec(c, widths[i + 1], 2 * c.ratios[i]).strided(c.ratios[i]));
  }
  return posterior(g, c, g.conv("encoder/out", activate(g, c, "encoder", x), spec(c, posterior_channels(c), 3)));
}

Wire decode(Graph& g, const RaveV2Config& c, const DecoderWires& in) {
  Film film(g, c, in.controls);
  const std::vector<int> widths = widths_of(c);
  Wire x = g.conv("decoder/in", in.latent, spec(c, widths.back(), 3));
  for (size_t i = c.ratios.size(); i-- > 0;) {
    const std::string stage = text("decoder/", c.ratios.size() - 1 - i);
    x = g.conv_transpose(stage + "/up", activate(g, c, stage, x),
                         spec(c, widths[i], 2 * c.ratios[i]).strided(c.ratios[i]));
    x = film.apply(stage, slot(g, c, stage, x), c.ratios[i]);  // the controls act last, and the slot still folds
    x = residual_units(g, c, stage, x, c.dilations[i]);
  }
  x = activate(g, c, "decoder", x);
  if (c.excitation.bins) return g.tanh(add_noise(g, c.noise, c.causal, excite(g, c, in.source, x), x));
  const Wire out = g.conv("decoder/out", x, spec(c, 2 * c.bands, c.output_kernel));
  const Wire gated = g.mul(g.slice(out, 0, c.bands), g.sigmoid(g.slice(out, c.bands, c.bands)));
  return g.tanh(add_noise(g, c.noise, c.causal, gated, x));
}

}  // namespace nr
