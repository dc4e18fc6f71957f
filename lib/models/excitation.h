// The harmonic excitation of a decoder: what a source would give, at the bands' rate. Band-limited pulses at the asked
// pitch where the sound is periodic, and noise, as in the source-filter models of speech (Wang et al., NSF,
// arXiv:1904.12088) and DDSP (arXiv:2001.04643). The decoder only shapes it, so what it plays is in tune by
// construction, and its pitch follows a control that training need not teach.
#pragma once
#include "config/checks.h"
#include "graph/graph.h"

namespace nr {

struct ExcitationConfig {
  int channels = 0;  // between pulses, noise and bands; 0: no excitation
  int kernel = 5;    // band frames, of the layers that mix bands into channels and channels into bands

  template <class V>
  void fields(V& v) {
    v("channels", channels, config::between(0, 256));
    v("kernel", kernel, config::between(1, 31));
  }
};

// The controls that it reads, one channel each, and the rate at which they are played.
struct ExcitationSource {
  Wire pitch, periodicity;
  int sample_rate = 0;  // Hz
};

// The shaped excitation; x: the decoder's last features, at the bands' rate. pulses: the source's, through the
// filter bank. The graph gets the input "noise", uniform in [-1, 1), where it has none.
Wire shape_excitation(Graph& g, const ExcitationConfig& config, bool causal, Wire pulses, Wire x);

Wire noise_input(Graph& g, int bands, int hop);  // shared with the noise branch

}  // namespace nr
