// RAVE v2: residual units in the encoder too, the decoder its mirror, and a gate for every band in place of one loudness (the
// configurations `v2`, `v2_small` and, with snakes and AdaIN slots, `v3` of the RAVE program 2.3).
#pragma once
#include <string>
#include <vector>

#include "models/bands.h"

namespace nr {

struct RaveV2Config : BandsConfig {
  static constexpr const char* kType = "rave_v2";
  int capacity = 96;                 // channels of the fastest layer; doubled at every ratio ...
  std::vector<int> widths;           // ... or the channels themselves, fastest first, one more than ratios
  std::vector<std::vector<int>> dilations{{1, 3, 9}, {1, 3, 9}, {1, 3, 9}, {1, 3}};  // of the residual units, one list a ratio
  int output_kernel = 7;             // of the layer that makes waveforms and gates
  std::string activation = "leaky_relu";
  bool adain = false;                // slots before the residual units of every stage, for `adapt` to fill

  template <class V>
  void fields(V& v) {
    BandsConfig::fields(v);
    v("capacity", capacity, config::at_least(2));
    v("widths", widths, config::at_least(2));
    v("dilations", dilations, config::at_least(1));
    v("activation", activation, config::one_of({"leaky_relu", "snake"}));
    v("adain", adain);
    v("output_kernel", output_kernel, config::between(1, 31));
  }
};

PosteriorWires encode(Graph& g, const RaveV2Config& config, Wire bands);
Wire decode(Graph& g, const RaveV2Config& config, Wire latent, Wire controls);  // -> bands; the latent has the controls in it

}  // namespace nr
