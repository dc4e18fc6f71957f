// How a whole note becomes a picture that networks see.
#pragma once
#include <string>

#include "config/checks.h"

namespace nr {

struct SpectrogramConfig {
  int window = 2048, step = 1024;  // samples
  int mels = 64, frames = 80;      // data.segment must be frames * step
  double low = 30, high = 11000;   // Hz
  double floor = 1e-3;
  // power: ln(power of the bands + floor), normalised by the training split's mean and deviation.
  // log1p: ln(1 + magnitude of the bands), magnitudes below the floor being 0, from -1 to 1 at the note's own maximum:
  // a note has no level. log: ln(magnitude or floor), from -1 to 1 at the training split's maximum.
  std::string law = "power";

  template <class V>
  void fields(V& v) {
    v("window", window, config::one_of({256, 512, 1024, 2048, 4096}));
    v("step", step, config::between(16, 4096));
    v("mels", mels, config::between(8, 512));
    v("frames", frames, config::between(4, 4096));
    v("low", low, config::between(0, 20000));
    v("high", high, config::between(100, 96000));
    v("floor", floor, config::between(1e-12, 1));
  }
};

}  // namespace nr
