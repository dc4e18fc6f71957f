// RAVE v1 (Caillon and Esling, arXiv:2111.05011): filter bank, convolutional encoder, decoder with waveform and loudness heads.
// With `controls` > 0 the decoder also reads that many descriptor curves beside the latent (C-RAVE and F-RAVE, arXiv:2302.13542).
#pragma once
#include <vector>

#include "config/checks.h"
#include "graph/graph.h"
#include "models/latent.h"

namespace nr {

struct RaveConfig {
  static constexpr const char* kType = "rave";
  int bands = 16;
  double attenuation_db = 100;             // of the filter bank's stop band
  int capacity = 64;                       // channels of the fastest layer; doubled at every ratio
  std::vector<int> ratios{4, 4, 4, 2};     // hop = bands * product
  std::vector<int> dilations{1, 3, 5};     // of the decoder's residual units, at every scale
  int latent_size = 128;
  bool causal = true;                      // no look-ahead anywhere: the stream's latency is 0
  LatentConfig latent;

  template <class V>
  void fields(V& v) {
    v("bands", bands, config::one_of({2, 4, 8, 16, 32}));
    v("attenuation_db", attenuation_db, config::between(40, 120));
    v("capacity", capacity, config::at_least(2));
    v("ratios", ratios, config::between(2, 16));
    v("dilations", dilations, config::at_least(1));
    v("latent_size", latent_size, config::at_least(1));
    v("causal", causal);
    v("latent", latent);
  }
};

// Wires "audio" [1] -> "bands" [bands], "mean", "scale" [latent_size].
Graph describe_encoder(const RaveConfig& config);
// Wires "latent" [latent_size], "controls" [controls] -> "bands" [bands], "audio" [1].
Graph describe_decoder(const RaveConfig& config, int controls);
// Wires "bands" -> "audio": the filter bank's synthesis alone.
Graph describe_synthesis(const RaveConfig& config);
// Wires "audio", "controls" -> "audio": encoder, mean, decoder: what an effect on live sound runs.
Graph describe_whole(const RaveConfig& config, int controls);
// Samples by which the output lags the input in the offline network: the filter bank's delay.
int delay(const RaveConfig& config);
int hop(const RaveConfig& config);

}  // namespace nr
