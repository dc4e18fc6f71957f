// Signals whose descriptors are known on paper.
#pragma once
#include <cmath>
#include <vector>

#include "base/random.h"

namespace nr {

inline std::vector<float> sine(double hz, int sample_rate, int samples, double amplitude = 1) {
  std::vector<float> x(samples);
  for (int n = 0; n < samples; ++n)
    x[n] = static_cast<float>(amplitude * std::sin(2 * M_PI * hz * n / sample_rate + 0.3));
  return x;
}

// White, Gaussian.
inline std::vector<float> noise(int samples, double deviation = 0.1, uint64_t seed = 1) {
  Random random(seed);
  std::vector<float> x(samples);
  for (float& v : x) v = static_cast<float>(deviation * random.normal());
  return x;
}

// Partials 1, 2, 3, ... with amplitudes 1 / k.
inline std::vector<float> harmonic(double hz, int sample_rate, int samples, int partials = 10) {
  std::vector<float> x(samples);
  for (int k = 1; k <= partials && k * hz < sample_rate / 2.0; ++k)
    for (int n = 0; n < samples; ++n)
      x[n] += static_cast<float>(0.2 / k * std::sin(2 * M_PI * hz * k * n / sample_rate + k));
  return x;
}

}  // namespace nr
