#include "models/bands.h"

#include <cmath>

#include "base/error.h"
#include "dsp/pqmf.h"

namespace nr {

Wire analyse_bands(Graph& g, const BandsConfig& c, Wire audio, const std::string& name) {
  const Pqmf bank = design_pqmf(c.bands, c.attenuation_db);
  ConvSpec filters = ConvSpec(c.bands, bank.taps).strided(c.bands).causal_if(c.causal).without_bias();
  return g.conv(name, audio, filters.with_weights(bank.analysis));
}

// Odd bands come out of the filters with their spectra flipped. RAVE flips them back by negating every other frame,
// which is not time-invariant. A network learns either orientation, so the bands stay as they are.
Wire synthesise_bands(Graph& g, const BandsConfig& c, Wire bands) {
  const Pqmf bank = design_pqmf(c.bands, c.attenuation_db);
  ConvSpec filters = ConvSpec(1, bank.taps).strided(c.bands).causal_if(c.causal).without_bias();
  return g.conv_transpose("pqmf/synthesis", bands, filters.with_weights(bank.synthesis));
}

Wire excite(Graph& g, const BandsConfig& c, const ExcitationSource& source, Wire x) {
  const Wire pulses = g.pulses("decoder/excitation/source", source.pitch, source.periodicity, source.sample_rate);
  // Pulses of unit power have weak partials where they are many: a low note may need one of full scale.
  constexpr float kGain = 8;
  Pqmf bank = design_pqmf(c.bands, c.attenuation_db);
  for (float& weight : bank.analysis) weight *= kGain;
  ConvSpec filters = ConvSpec(c.bands, bank.taps).strided(c.bands).causal_if(c.causal).without_bias();
  const Wire bands = g.conv("decoder/excitation/analysis", pulses, filters.with_weights(bank.analysis));
  return shape_excitation(g, c.excitation, c.causal, bands, x);
}

int posterior_channels(const BandsConfig& c) { return statistics(c.latent) * c.latent_size; }

PosteriorWires posterior(Graph& g, const BandsConfig& c, Wire last) {
  if (statistics(c.latent) == 2) return {g.slice(last, 0, c.latent_size), g.slice(last, c.latent_size, c.latent_size)};
  return {std::visit([&](const auto& kind) { return kind.constrain(g, last); }, c.latent), {}};
}

Film::Film(Graph& g, const BandsConfig& c, Wire controls) : g_(g), channels_(c.film), causal_(c.causal) {
  if (controls.id < 0 || channels_ == 0) return;
  path_ = g.leaky_relu(g.conv("decoder/film", controls, ConvSpec(channels_, 3).causal_if(causal_)));
}

Wire Film::apply(const std::string& stage, Wire x, int ratio) {
  if (path_.id < 0) return x;
  path_ = g_.leaky_relu(
      g_.conv_transpose(stage + "/film/up", path_, ConvSpec(channels_, 2 * ratio).strided(ratio).causal_if(causal_)));
  const int channels = g_[x].channels;
  const Wire both = g_.conv(stage + "/film/out", path_, {2 * channels, 1});
  const Wire scaled = g_.add(x, g_.mul(x, g_.slice(both, 0, channels)));
  return g_.add(scaled, g_.slice(both, channels, channels));
}

int hop(const BandsConfig& c) {
  double samples = c.bands;  // ratios that a hand wrote by mistake can pass every integer
  for (const int r : c.ratios) samples *= r;
  if (samples > kLongestHop)
    fail("model.ratios: their product of ", samples / c.bands, " times ", c.bands, " bands makes a hop of ", samples,
         " samples, expected at most ", kLongestHop);
  return int(samples);
}

std::vector<int> doubled_widths(const BandsConfig& c, int capacity) {
  const double widest = std::ldexp(capacity, int(c.ratios.size()));
  if (widest > kWidestLayer)
    fail("model.capacity: ", capacity, " channels, doubled at each of ", c.ratios.size(), " ratios, become ", widest,
         ", expected at most ", kWidestLayer);
  std::vector<int> out;
  for (size_t i = 0; i <= c.ratios.size(); ++i) out.push_back(capacity << i);
  return out;
}

int delay(const BandsConfig& c) {
  Graph g;
  const Wire bands = analyse_bands(g, c, g.input("audio", 1, 1));
  const Node& out = g[synthesise_bands(g, c, bands)];
  // Half of taps - 1 each way, less the bands - 1 samples by which the analysis is aligned to the end of its frame.
  return out.kernel - c.bands - g[bands].lookahead - out.lookahead;
}

}  // namespace nr
