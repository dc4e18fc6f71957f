// Which descriptors a run measures, and which of them are controls of the decoder.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

std::vector<std::string> descriptor_names();

struct DescriptorConfig {
  // Measured and reported.
  std::vector<std::string> names{"rms", "centroid", "bandwidth", "flatness", "rolloff", "pitch"};
  // The decoder's inputs, in order, all of them in names; with data.pairs the knobs of data.effects. Empty: none.
  std::vector<std::string> controls;
  std::map<std::string, double> weights;  // of controls in the losses that measure obedience; 1 where not named
  int window = 1024;                      // samples of one measurement
  int hop = 256;                          // samples between measurements; divides the model's hop
  int classes = 16;                       // quantile classes for the latent discriminator

  template <class V>
  void fields(V& v) {
    v("names", names, config::one_of(descriptor_names()));
    v("controls", controls);
    v("weights", weights, config::one_of(descriptor_names()));
    v("window", window, config::between(64, 16384));
    v("hop", hop, config::between(16, 16384));
    v("classes", classes, config::between(2, 256));
  }
};

}  // namespace nr
