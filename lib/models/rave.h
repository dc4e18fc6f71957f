// RAVE v1 (Caillon and Esling, arXiv:2111.05011): filter bank, convolutional encoder, decoder with waveform and
// loudness heads. BRAVE (arXiv:2503.11562) is this with other ratios and dilations.
#pragma once
#include <vector>

#include "models/bands.h"

namespace nr {

struct RaveConfig : BandsConfig {
  static constexpr const char* kType = "rave";
  int capacity = 64;                    // channels of the fastest layer; doubled at every ratio
  std::vector<int> dilations{1, 3, 5};  // of the decoder's residual units, at every scale

  template <class V>
  void fields(V& v) {
    BandsConfig::fields(v);
    v("capacity", capacity, config::between(2, kWidestLayer));
    v("dilations", dilations, config::between(1, kLongestDilation));
  }
};

PosteriorWires encode(Graph& g, const RaveConfig& config, Wire bands);
Wire decode(Graph& g, const RaveConfig& config, const DecoderWires& in);  // -> bands

}  // namespace nr
