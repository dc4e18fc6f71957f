#include "models/rave_v2.h"

#include "base/error.h"

namespace nr {
namespace {

std::vector<int> widths_of(const RaveV2Config& c) {
  if (c.dilations.size() != c.ratios.size())
    fail("model.dilations has ", c.dilations.size(), " lists for ", c.ratios.size(), " ratios: expected one each");
  if (c.widths.empty()) {
    std::vector<int> out;
    for (size_t i = 0; i <= c.ratios.size(); ++i) out.push_back(c.capacity << i);
    return out;
  }
  if (c.widths.size() != c.ratios.size() + 1)
    fail("model.widths has ", c.widths.size(), " channels for ", c.ratios.size(), " ratios: expected one more than ratios");
  return c.widths;
}

Wire conv(Graph& g, const RaveV2Config& c, const std::string& name, Wire x, int channels, int kernel, int stride = 1, int dilation = 1) {
  return g.conv(name, x, {channels, kernel, stride, dilation, 1, c.causal, false, true});
}

Wire residual_units(Graph& g, const RaveV2Config& c, const std::string& stage, Wire x, const std::vector<int>& dilations) {
  const int channels = g[x].channels;
  for (size_t i = 0; i < dilations.size(); ++i) {
    const std::string unit = text(stage, "/residual", i);
    const Wire y = conv(g, c, unit + "/a", g.leaky_relu(x), channels, 3, 1, dilations[i]);
    x = g.add(x, conv(g, c, unit + "/b", g.leaky_relu(y), channels, 1));
  }
  return x;
}

}  // namespace

PosteriorWires encode(Graph& g, const RaveV2Config& c, Wire bands) {
  const std::vector<int> widths = widths_of(c);
  Wire x = conv(g, c, "encoder/in", bands, widths[0], 7);
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    const std::string stage = text("encoder/", i);
    x = residual_units(g, c, stage, x, c.dilations[i]);
    x = conv(g, c, stage + "/down", g.leaky_relu(x), widths[i + 1], 2 * c.ratios[i], c.ratios[i]);
  }
  return posterior(g, c, conv(g, c, "encoder/out", g.leaky_relu(x), posterior_channels(c), 3));
}

Wire decode(Graph& g, const RaveV2Config& c, Wire x, Wire controls) {
  Film film(g, c, controls);
  const std::vector<int> widths = widths_of(c);
  x = conv(g, c, "decoder/in", x, widths.back(), 3);
  for (size_t i = c.ratios.size(); i-- > 0;) {
    const std::string stage = text("decoder/", c.ratios.size() - 1 - i);
    x = g.conv_transpose(stage + "/up", g.leaky_relu(x), {widths[i], 2 * c.ratios[i], c.ratios[i], 1, 1, c.causal, false, true});
    x = film.apply(stage, x, c.ratios[i]);
    x = residual_units(g, c, stage, x, c.dilations[i]);
  }
  x = conv(g, c, "decoder/out", g.leaky_relu(x), 2 * c.bands, c.output_kernel);
  return g.tanh(g.mul(g.slice(x, 0, c.bands), g.sigmoid(g.slice(x, c.bands, c.bands))));
}

}  // namespace nr
