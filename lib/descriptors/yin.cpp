#include "descriptors/yin.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {

Yin::Yin(int sample_rate, int window, double low_hz, double high_hz, double threshold)
    : sample_rate_(sample_rate),
      window_(window),
      min_period_(std::max(2, int(std::floor(sample_rate / std::min(high_hz, sample_rate / 2.0))))),
      max_period_(std::min(int(std::ceil(sample_rate / low_hz)), window - 1)),
      threshold_(threshold),
      fft_(RealFft::at_least(window + max_period_)) {
  if (max_period_ <= min_period_ + 1)
    fail("pitch from ", window, " samples at ", sample_rate, " Hz: the window is shorter than any period");
  padded_.assign(fft_.size(), 0.f), correlation_.resize(fft_.size()), spectrum_.resize(fft_.bins());
  normalised_.resize(max_period_ - min_period_ + 1);
}

Pitch Yin::of(const float* samples) {
  std::copy(samples, samples + window_, padded_.begin());
  fft_.forward(padded_.data(), spectrum_.data());
  for (std::complex<float>& bin : spectrum_) bin = {bin.real() * bin.real() + bin.imag() * bin.imag(), 0.f};
  fft_.inverse(spectrum_.data(), correlation_.data());

  const double scale = 1.0 / fft_.size(), energy = correlation_[0] * scale;
  if (!(energy > 0)) return {};
  double head = 0, sum = 0;  // sum_{m < tau} x(m)^2, sum_{t <= tau} d(t)
  for (int tau = 1; tau <= max_period_; ++tau) {
    head += double(samples[tau - 1]) * samples[tau - 1];
    const double difference = std::max(0.0, 2 * (energy - correlation_[tau] * scale) - head);
    sum += difference;
    if (tau >= min_period_) normalised_[tau - min_period_] = sum > 0 ? static_cast<float>(difference * tau / sum) : 1.f;
  }

  const int count = int(normalised_.size());
  const auto trough = [&](int i) {
    if (i == 0) return normalised_[0] < normalised_[1];
    return normalised_[i] < normalised_[i - 1] && (i == count - 1 || normalised_[i] <= normalised_[i + 1]);
  };
  int best = 0;
  while (best < count && !(normalised_[best] < threshold_ && trough(best))) ++best;
  if (best == count) best = int(std::min_element(normalised_.begin(), normalised_.end()) - normalised_.begin());

  double shift = 0;  // of the parabola through the trough and its neighbours
  if (best > 0 && best < count - 1) {
    const double a = double(normalised_[best + 1]) + normalised_[best - 1] - 2.0 * normalised_[best];
    const double b = (double(normalised_[best + 1]) - normalised_[best - 1]) / 2;
    if (std::fabs(b) < std::fabs(a)) shift = -b / a;
  }
  return {static_cast<float>(sample_rate_ / (min_period_ + best + shift)), std::max(0.f, 1 - normalised_[best])};
}

}  // namespace nr
