// The noise branch of RAVE's decoders (arXiv:2111.05011, 3.2): strided convolutions over the last layer's signal
// predict a spectrum for every band and frame, and white noise is filtered to it. Part of the decoder in every phase of
// training.
#pragma once
#include <vector>

#include "config/checks.h"
#include "graph/graph.h"

namespace nr {

struct NoiseConfig {
  std::vector<int> ratios;  // strides from the bands' rate to the spectra's; empty: no noise
  int bins = 5;             // of a band's spectrum
  int hidden = 0;           // channels between the convolutions; 0: as many as they read
  int kernel = 0;           // 0: twice the ratio

  template <class V>
  void fields(V& v) {
    v("ratios", ratios, config::between(1, 16));
    v("bins", bins, config::between(2, 32));
    v("hidden", hidden, config::between(0, 4096));
    v("kernel", kernel, config::between(0, 31));
  }
};

// signal + filtered noise; x: what the spectra are predicted from, at the bands' rate. The graph gets an input "noise",
// uniform in [-1, 1).
Wire add_noise(Graph& g, const NoiseConfig& config, bool causal, Wire signal, Wire x);

}  // namespace nr
