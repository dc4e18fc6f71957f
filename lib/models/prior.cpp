#include "models/prior.h"

#include "base/error.h"

namespace nr {

Graph describe_prior(const PriorConfig& c, int dimensions, int hop) {
  if (c.dilations.empty()) fail("prior.dilations is empty: expected one or more");
  Graph g;
  Wire x = g.conv("prior/in", g.input("past", dimensions, hop), {c.width, c.kernel});
  Wire skips;
  for (size_t i = 0; i < c.dilations.size(); ++i) {
    const std::string block = text("prior/", i);
    const Wire both = g.conv(block + "/gated", x, ConvSpec(2 * c.width, c.kernel).dilated(c.dilations[i]));
    const Wire gated = g.mul(g.tanh(g.slice(both, 0, c.width)), g.sigmoid(g.slice(both, c.width, c.width)));
    const Wire skip = g.conv(block + "/skip", gated, {c.width, 1});
    skips = i ? g.add(skips, skip) : skip;
    if (i + 1 < c.dilations.size()) x = g.add(x, g.conv(block + "/residual", gated, {c.width, 1}));
  }
  const Wire hidden = g.conv("prior/hidden", g.leaky_relu(skips), {c.width, 1});
  g.output("next", g.conv("prior/next", g.leaky_relu(hidden), {dimensions * 3 * c.mixtures, 1}));
  return g;
}

}  // namespace nr
