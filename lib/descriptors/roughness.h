// Roughness after Vassilakis (2001): a sum over pairs of partials, by the ratio of their amplitudes and the distance of
// their frequencies. Partials are peaks of the spectrum of the last 200 ms, which resolves the distances of 20 to 70 Hz
// that sound rough.
#pragma once
#include <complex>
#include <vector>

#include "descriptors/extractor.h"
#include "dsp/fft.h"

namespace nr {

struct Partial {
  double hz = 0, amplitude = 0;
};

// Amplitudes are relative to the strongest partial, which makes the result independent of the level.
double pair_roughness(const Partial& a, const Partial& b);

class Roughness : public Extractor {
 public:
  explicit Roughness(const Framing& framing);  // Error when the hop is longer than the window
  float of(const Frame& frame) override;       // at least 0.001; NaN for silence
  void reset() override;
  Needs needs() const override { return Needs::kSamples; }

 private:
  void find_partials();
  int sample_rate_;
  RealFft fft_;
  size_t next_ = 0;
  std::vector<float> recent_, window_, windowed_, magnitude_;
  std::vector<std::complex<float>> bins_;
  std::vector<Partial> partials_;
  size_t count_ = 0;
};

}  // namespace nr
