// How one descriptor is computed from one frame. Memoryless ones are functions of Frame; others keep state between frames.
#pragma once
#include <memory>

#include "descriptors/descriptor.h"
#include "descriptors/zwicker.h"

namespace nr {

// What a measure reads beyond the samples; each includes the one before.
enum class Needs { kSamples, kSpectrum, kLoudness };

// What all measures of one frame share. The spectrum is that of the Hann-windowed samples.
struct Frame {
  const Framing& framing;
  const float* samples;              // [window]
  const float* fresh;                // [hop]: the middle of the window; those of successive frames are the signal itself
  int bins;                          // window / 2 + 1; 0 when no measure needs the spectrum
  double bin_hz;                     // Hz from bin to bin
  const float* magnitude;            // [bins]
  const float* power;                // [bins], magnitude squared
  const SpecificLoudness* loudness;  // where a measure needs it
  double sum, first, second;         // of magnitude[k], k magnitude[k], k^2 magnitude[k]
  bool silent;                       // no energy under the window: RMS below -120 dB
};

class Measure {
 public:
  virtual ~Measure() = default;
  virtual float of(const Frame& frame) = 0;  // physical; never allocates, never throws
  virtual void reset() {}
  virtual Needs needs() const { return Needs::kSpectrum; }
};

using Memoryless = float (*)(const Frame&);

template <Memoryless function, Needs need = Needs::kSpectrum>
std::unique_ptr<Measure> memoryless(const Framing&) {
  struct Wrapped : Measure {
    float of(const Frame& frame) override { return function(frame); }
    Needs needs() const override { return need; }
  };
  return std::make_unique<Wrapped>();
}

template <class Kind>
std::unique_ptr<Measure> stateful(const Framing& framing) {
  return std::make_unique<Kind>(framing);
}

}  // namespace nr
