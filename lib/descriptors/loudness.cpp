#include "descriptors/loudness.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {

// The two filters of BS.1770 at any rate. Its coefficients are those of 48 kHz; a bilinear transform of the analogue
// prototypes behind them gives others.
Loudness::Loudness(const Framing& framing) {
  if (framing.hop > framing.window)
    fail("loudness every ", framing.hop, " samples from windows of ", framing.window,
         ": the windows must touch each other");
  {
    const double k = std::tan(M_PI * 1681.974450955533 / framing.sample_rate), q = 0.7071752369554196;
    const double high = std::pow(10, 3.999843853973347 / 20), band = std::pow(high, 0.4996667741545416),
                 a0 = 1 + k / q + k * k;
    shelf_.b0 = (high + band * k / q + k * k) / a0;
    shelf_.b1 = 2 * (k * k - high) / a0;
    shelf_.b2 = (high - band * k / q + k * k) / a0;
    shelf_.a1 = 2 * (k * k - 1) / a0;
    shelf_.a2 = (1 - k / q + k * k) / a0;
  }
  {
    const double k = std::tan(M_PI * 38.13547087602444 / framing.sample_rate), q = 0.5003270373238773;
    const double a0 = 1 + k / q + k * k;
    high_pass_.b0 = 1, high_pass_.b1 = -2, high_pass_.b2 = 1;
    high_pass_.a1 = 2 * (k * k - 1) / a0;
    high_pass_.a2 = (1 - k / q + k * k) / a0;
  }
  hops_ = std::max(1.0, 0.4 * framing.sample_rate / framing.hop);
  energy_.resize(size_t(std::ceil(hops_)));
}

double Loudness::Biquad::filter(double x) {
  const double y = b0 * x + s1;
  s1 = b1 * x - a1 * y + s2;
  s2 = b2 * x - a2 * y;
  return y;
}

float Loudness::of(const Frame& frame) {
  double energy = 0;
  for (int n = 0; n < frame.framing.hop; ++n) {
    const double y = high_pass_.filter(shelf_.filter(frame.fresh[n]));
    energy += y * y;
  }
  energy_[next_] = energy;
  next_ = (next_ + 1) % energy_.size();
  double sum = -(double(energy_.size()) - hops_) * energy_[next_];
  for (const double e : energy_) sum += e;
  return static_cast<float>(
      std::max(-120.0, -0.691 + 10 * std::log10(std::max(sum / (hops_ * frame.framing.hop), 1e-20))));
}

void Loudness::reset() {
  shelf_.s1 = shelf_.s2 = high_pass_.s1 = high_pass_.s2 = 0;
  std::fill(energy_.begin(), energy_.end(), 0.0);
  next_ = 0;
}

}  // namespace nr
