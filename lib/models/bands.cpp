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
