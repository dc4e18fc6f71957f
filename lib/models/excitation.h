// The harmonic excitation of a decoder: band-limited pulses at the asked pitch where the sound is periodic, and noise,
// as in DDSP (Engel et al., arXiv:2001.04643, 3.4 and 3.5). The decoder only filters them, so what it plays is in tune
// before it has learned anything, and its pitch follows the control.
#pragma once
#include "config/checks.h"
#include "graph/graph.h"

namespace nr {

struct ExcitationConfig {
  int bins = 0;  // of each band's spectra of pulses and of noise; 0: no excitation

  template <class V>
  void fields(V& v) {
    v("bins", bins, config::one_of({0, 3, 4, 5, 6, 8, 12, 16}));
  }
};

// The controls that it reads, one channel each, and the rate at which they are played.
struct ExcitationSource {
  Wire pitch, periodicity;
  int sample_rate = 0;  // Hz
};

// Every band of the pulses and of as much noise through a filter of its own at every band frame, whose spectrum a layer
// reads from x, the decoder's last features. Bands are not mixed: a partial that leaks into another band sounds at a
// frequency that is in tune with nothing. pulses: the source's, through the filter bank. The graph gets the input
// "noise", uniform in [-1, 1), where it has none.
Wire shape_excitation(Graph& g, const ExcitationConfig& config, bool causal, Wire pulses, Wire x);

Wire noise_input(Graph& g, int bands, int hop);  // shared with the noise branch

}  // namespace nr
