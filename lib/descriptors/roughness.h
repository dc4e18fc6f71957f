// Roughness after Vassilakis (2001): every pair of partials contributes by how unequal and how far apart they are. Partials
// are the peaks of the spectrum of the last 200 ms, which resolves the 20 ... 70 Hz distances that sound rough.
#pragma once
#include <complex>
#include <vector>

#include "descriptors/measure.h"
#include "dsp/fft.h"

namespace nr {

struct Partial {
  double hz, amplitude;
};

// Independent of a common level when amplitudes are relative to the strongest, as Roughness takes them.
double pair_roughness(const Partial& a, const Partial& b);

class Roughness : public Measure {
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
