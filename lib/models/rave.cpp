#include "models/rave.h"

#include "base/error.h"
#include "dsp/pqmf.h"
#include "graph/passes.h"

namespace nr {
namespace {

Wire analyse_bands(Graph& g, const RaveConfig& c, Wire audio) {
  const Pqmf bank = design_pqmf(c.bands, c.attenuation_db);
  return g.conv("pqmf/analysis", audio, {c.bands, bank.taps, c.bands, 1, 1, c.causal, false, false, bank.analysis});
}

// RAVE negates odd bands at every other frame, which un-flips their spectra but is not time-invariant; the network learns either
// orientation, so the bands stay as the filters give them.
Wire synthesise_bands(Graph& g, const RaveConfig& c, Wire bands) {
  const Pqmf bank = design_pqmf(c.bands, c.attenuation_db);
  return g.conv_transpose("pqmf/synthesis", bands, {1, bank.taps, c.bands, 1, 1, c.causal, false, false, bank.synthesis});
}

struct Posterior {
  Wire mean, scale;
};

Posterior encode(Graph& g, const RaveConfig& c, Wire bands) {
  const auto name = [](const char* what, size_t i) { return text("encoder/", what, i); };
  int channels = c.capacity;
  Wire x = g.conv("encoder/in", bands, {channels, 7, 1, 1, 1, c.causal});
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    x = g.leaky_relu(g.batch_norm(name("norm", i), x));
    channels *= 2;
    x = g.conv(name("down", i), x, {channels, 2 * c.ratios[i] + 1, c.ratios[i], 1, 1, c.causal});
  }
  // Two groups: mean and scale read disjoint halves of the channels, as published.
  x = g.conv("encoder/out", g.leaky_relu(x), {2 * c.latent_size, 5, 1, 1, 2, c.causal});
  return {g.slice(x, 0, c.latent_size), g.slice(x, c.latent_size, c.latent_size)};
}

Wire decode_bands(Graph& g, const RaveConfig& c, Wire x) {
  const auto conv = [&](const std::string& name, Wire from, int channels, int kernel, int dilation, bool bias) {
    return g.conv(name, from, {channels, kernel, 1, dilation, 1, c.causal, bias, true});
  };
  int channels = c.capacity << c.ratios.size();
  x = conv("decoder/in", x, channels, 7, 1, true);
  for (size_t i = 0; i < c.ratios.size(); ++i) {
    const std::string stage = text("decoder/", i);
    channels /= 2;
    x = g.conv_transpose(stage + "/up", g.leaky_relu(x), {channels, 2 * c.ratios[i], c.ratios[i], 1, 1, c.causal, false, true});
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
  return g.mul(waveform, loudness);
}

Wire with_controls(Graph& g, Wire latent, int controls, int hop) {
  return controls ? g.concat(latent, g.input("controls", controls, hop)) : latent;
}

}  // namespace

int hop(const RaveConfig& c) {
  int samples = c.bands;
  for (const int r : c.ratios) samples *= r;
  return samples;
}

int delay(const RaveConfig& c) {
  Graph g;
  const Wire bands = analyse_bands(g, c, g.input("audio", 1, 1));
  const Node& out = g[synthesise_bands(g, c, bands)];
  return out.kernel - c.bands - g[bands].lookahead - out.lookahead;  // taps - 1 there and back, less bands - 1 for the end-aligned stride
}

Graph describe_encoder(const RaveConfig& c) {
  Graph g;
  const Wire bands = analyse_bands(g, c, g.input("audio", 1, 1));
  const Posterior z = encode(g, c, bands);
  g.output("bands", bands);
  g.output("mean", z.mean);
  g.output("scale", z.scale);
  return g;
}

Graph describe_decoder(const RaveConfig& c, int controls) {
  Graph g;
  const Wire latent = g.input("latent", c.latent_size, hop(c));
  const Wire bands = decode_bands(g, c, with_controls(g, latent, controls, hop(c)));
  g.output("bands", bands);
  g.output("audio", synthesise_bands(g, c, bands));
  return g;
}

Graph describe_synthesis(const RaveConfig& c) {
  Graph g;
  g.output("audio", synthesise_bands(g, c, g.input("bands", c.bands, c.bands)));
  return g;
}

Graph describe_whole(const RaveConfig& c, int controls) {
  Graph g;
  const Wire bands = analyse_bands(g, c, g.input("audio", 1, 1));
  const Wire mean = encode(g, c, bands).mean;
  g.output("audio", synthesise_bands(g, c, decode_bands(g, c, with_controls(g, mean, controls, hop(c)))));
  return prune(g, {"audio"});
}

}  // namespace nr
