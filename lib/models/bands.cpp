#include "models/bands.h"

#include "dsp/pqmf.h"

namespace nr {

Wire analyse_bands(Graph& g, const BandsConfig& c, Wire audio) {
  const Pqmf bank = design_pqmf(c.bands, c.attenuation_db);
  return g.conv("pqmf/analysis", audio, {c.bands, bank.taps, c.bands, 1, 1, c.causal, false, false, bank.analysis});
}

// RAVE negates odd bands at every other frame, which un-flips their spectra but is not time-invariant; the network learns either
// orientation, so the bands stay as the filters give them.
Wire synthesise_bands(Graph& g, const BandsConfig& c, Wire bands) {
  const Pqmf bank = design_pqmf(c.bands, c.attenuation_db);
  return g.conv_transpose("pqmf/synthesis", bands, {1, bank.taps, c.bands, 1, 1, c.causal, false, false, bank.synthesis});
}

int posterior_channels(const BandsConfig& c) { return statistics(c.latent) * c.latent_size; }

PosteriorWires posterior(Graph& g, const BandsConfig& c, Wire last) {
  if (statistics(c.latent) == 2) return {g.slice(last, 0, c.latent_size), g.slice(last, c.latent_size, c.latent_size)};
  return {std::visit([&](const auto& kind) { return kind.constrain(g, last); }, c.latent), {}};
}

Film::Film(Graph& g, const BandsConfig& c, Wire controls) : g_(g), channels_(c.film), causal_(c.causal) {
  if (controls.id >= 0 && channels_ > 0) path_ = g.leaky_relu(g.conv("decoder/film", controls, {channels_, 3, 1, 1, 1, causal_}));
}

Wire Film::apply(const std::string& stage, Wire x, int ratio) {
  if (path_.id < 0) return x;
  path_ = g_.leaky_relu(g_.conv_transpose(stage + "/film/up", path_, {channels_, 2 * ratio, ratio, 1, 1, causal_}));
  const int channels = g_[x].channels;
  const Wire both = g_.conv(stage + "/film/out", path_, {2 * channels, 1, 1, 1, 1, causal_});
  const Wire scaled = g_.add(x, g_.mul(x, g_.slice(both, 0, channels)));
  return g_.add(scaled, g_.slice(both, channels, channels));
}

int hop(const BandsConfig& c) {
  int samples = c.bands;
  for (const int r : c.ratios) samples *= r;
  return samples;
}

int delay(const BandsConfig& c) {
  Graph g;
  const Wire bands = analyse_bands(g, c, g.input("audio", 1, 1));
  const Node& out = g[synthesise_bands(g, c, bands)];
  return out.kernel - c.bands - g[bands].lookahead - out.lookahead;  // taps - 1 there and back, less bands - 1 for the end-aligned stride
}

}  // namespace nr
