// Momentary loudness of ITU-R BS.1770-4: K-weighted mean square of the last 400 ms, one channel. Each frame adds the
// `hop` new samples in the middle of its window. Before the first frame there is silence.
#pragma once
#include <vector>

#include "descriptors/extractor.h"

namespace nr {

class Loudness : public Extractor {
 public:
  explicit Loudness(const Framing& framing);  // Error when the hop is longer than the window
  float of(const Frame& frame) override;      // LUFS, at least -120
  void reset() override;
  Needs needs() const override { return Needs::kSamples; }

 private:
  struct Biquad {
    double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0, s1 = 0, s2 = 0;
    double filter(double x);  // transposed direct form II
  };
  Biquad shelf_, high_pass_;
  double hops_ = 1;             // in 400 ms, with a fraction
  std::vector<double> energy_;  // of the latest hops; the oldest counts by that fraction
  size_t next_ = 0;
};

}  // namespace nr
