// How one descriptor is computed from one frame. Memoryless ones are functions of Frame; others keep state between frames.
#pragma once
#include <memory>

#include "descriptors/descriptor.h"

namespace nr {

// What all measures of one frame share. The spectrum is that of the Hann-windowed samples.
struct Frame {
  const Framing& framing;
  const float* samples;       // [window]
  int bins;                   // window / 2 + 1; 0 when no measure needs the spectrum
  double bin_hz;              // Hz from bin to bin
  const float* magnitude;     // [bins]
  const float* power;         // [bins], magnitude squared
  double sum, first, second;  // of magnitude[k], k magnitude[k], k^2 magnitude[k]
  bool silent;                // no energy under the window: RMS below -120 dB
};

class Measure {
 public:
  virtual ~Measure() = default;
  virtual float of(const Frame& frame) = 0;  // physical; never allocates, never throws
  virtual void reset() {}
  virtual bool needs_spectrum() const { return true; }
};

using Memoryless = float (*)(const Frame&);

template <Memoryless function, bool spectral = true>
std::unique_ptr<Measure> memoryless(const Framing&) {
  struct Wrapped : Measure {
    float of(const Frame& frame) override { return function(frame); }
    bool needs_spectrum() const override { return spectral; }
  };
  return std::make_unique<Wrapped>();
}

}  // namespace nr
