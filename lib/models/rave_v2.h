// RAVE v2: residual units in the encoder too, a decoder that mirrors it, and a gate for every band in place of one
// loudness. RAVE 2.3's configurations `v2` and `v2_small`, and `v3` with snakes and AdaIN slots.
#pragma once
#include <string>
#include <vector>

#include "models/bands.h"

namespace nr {

struct RaveV2Config : BandsConfig {
  static constexpr const char* kType = "rave_v2";
  int capacity = 96;                 // channels of the fastest layer; doubled at every ratio ...
  std::vector<int> widths;           // ... or the channels themselves, fastest first, one more than ratios
  // Of the residual units, one list a ratio.
  std::vector<std::vector<int>> dilations{{1, 3, 9}, {1, 3, 9}, {1, 3, 9}, {1, 3}};
  int output_kernel = 7;             // of the layer that makes waveforms and gates
  std::string activation = "leaky_relu";
  bool adain = false;                // slots before the residual units of every stage; `adapt` fills them

  template <class V>
  void fields(V& v) {
    BandsConfig::fields(v);
    v("capacity", capacity, config::between(2, kWidestLayer));
    v("widths", widths, config::between(2, kWidestLayer));
    v("dilations", dilations, config::between(1, kLongestDilation));
    v("activation", activation, config::one_of({"leaky_relu", "snake"}));
    v("adain", adain);
    v("output_kernel", output_kernel, config::between(1, 31));
  }
};

PosteriorWires encode(Graph& g, const RaveV2Config& config, Wire bands);
Wire decode(Graph& g, const RaveV2Config& config, const DecoderWires& in);  // -> bands

}  // namespace nr
