// How one descriptor is computed from one frame. Most are functions of Frame. The others keep state between frames.
#pragma once
#include <memory>

#include "descriptors/descriptor.h"
#include "descriptors/yin.h"
#include "descriptors/zwicker.h"

namespace nr {

// What a measure reads beyond the samples; each includes the one before.
enum class Needs { kSamples, kSpectrum, kLoudness };

// What all measures of one frame share. The spectrum is that of the Hann-windowed samples.
struct Frame {
  const Framing& framing;
  const float* samples = nullptr;              // [window]
  const float* fresh = nullptr;                // [hop], the window's middle: side by side in successive frames
  int bins = 0;                                // window / 2 + 1; 0 when no measure needs the spectrum
  double bin_hz = 0;                           // Hz from bin to bin
  const float* magnitude = nullptr;            // [bins]
  const float* power = nullptr;                // [bins], magnitude squared
  const SpecificLoudness* loudness = nullptr;  // where a measure needs it
  Pitch pitch = {};                            // where a measure needs it: Yin::next of one frame after another
  double sum = 0, first = 0, second = 0;       // of magnitude[k], k magnitude[k], k^2 magnitude[k]
  bool silent = false;                         // no energy under the window: RMS below -120 dB
};

class Extractor {
 public:
  virtual ~Extractor() = default;
  virtual float of(const Frame& frame) = 0;  // physical; never allocates, never throws
  virtual void reset() {}
  virtual Needs needs() const { return Needs::kSpectrum; }
  virtual bool needs_pitch() const { return false; }
};

using Memoryless = float (*)(const Frame&);

template <Memoryless function, Needs need = Needs::kSpectrum>
std::unique_ptr<Extractor> memoryless(const Framing&) {
  struct Wrapped : Extractor {
    float of(const Frame& frame) override { return function(frame); }
    Needs needs() const override { return need; }
  };
  return std::make_unique<Wrapped>();
}

template <class Kind>
std::unique_ptr<Extractor> stateful(const Framing& framing) {
  return std::make_unique<Kind>(framing);
}

}  // namespace nr
