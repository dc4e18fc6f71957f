#include "descriptors/roughness.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "dsp/sums.h"
#include "dsp/window.h"

namespace nr {
namespace {
constexpr double kSeconds = 0.2, kAudible = 0.01;  // partials below 1 % of the strongest are left out
constexpr size_t kPartials = 64;                   // the first ones by frequency: the rest is noise
constexpr double kFar = 4;                         // pairs farther apart add less than a millionth

// Distance of two frequencies in units of the critical bandwidth; roughness is greatest at 0.22.
double distance(double low_hz, double high_hz) { return 0.24 / (0.0207 * low_hz + 18.96) * (high_hz - low_hz); }

}  // namespace

double pair_roughness(const Partial& a, const Partial& b) {
  const double weak = std::min(a.amplitude, b.amplitude), both = a.amplitude + b.amplitude;
  const double apart = distance(std::min(a.hz, b.hz), std::max(a.hz, b.hz));
  return std::pow(a.amplitude * b.amplitude, 0.1) * 0.5 * std::pow(2 * weak / both, 3.11) *
         (std::exp(-3.5 * apart) - std::exp(-5.75 * apart));
}

Roughness::Roughness(const Framing& framing)
    : sample_rate_(framing.sample_rate),
      fft_(RealFft::at_least(std::max(framing.window, int(kSeconds * framing.sample_rate)))) {
  if (framing.hop > framing.window)
    fail("roughness every ", framing.hop, " samples from windows of ", framing.window,
         ": the windows must touch each other");
  for (const double w : hann_window(fft_.size())) window_.push_back(static_cast<float>(w));
  recent_.resize(fft_.size()), windowed_.resize(fft_.size()), magnitude_.resize(fft_.bins()), bins_.resize(fft_.bins());
  partials_.resize(kPartials);
}

float Roughness::of(const Frame& frame) {
  for (int n = 0; n < frame.framing.hop; ++n, next_ = (next_ + 1) % recent_.size()) recent_[next_] = frame.fresh[n];
  const size_t oldest = recent_.size() - next_;
  for (size_t n = 0; n < oldest; ++n) windowed_[n] = window_[n] * recent_[next_ + n];
  for (size_t n = oldest; n < recent_.size(); ++n) windowed_[n] = window_[n] * recent_[n - oldest];
  if (sum_of_squares(windowed_.data(), fft_.size()) < 0.375e-12 * fft_.size())
    return std::numeric_limits<float>::quiet_NaN();
  fft_.forward(windowed_.data(), bins_.data());
  for (size_t k = 0; k < bins_.size(); ++k)
    magnitude_[k] = std::sqrt(bins_[k].real() * bins_[k].real() + bins_[k].imag() * bins_[k].imag());
  find_partials();
  double sum = 0;
  for (size_t a = 0; a < count_; ++a)
    for (size_t b = a + 1; b < count_ && distance(partials_[a].hz, partials_[b].hz) < kFar; ++b)
      sum += pair_roughness(partials_[a], partials_[b]);
  return static_cast<float>(std::max(sum, 1e-3));
}

void Roughness::find_partials() {
  const float strongest = *std::max_element(magnitude_.begin(), magnitude_.end());
  count_ = 0;
  for (size_t k = 2; k + 2 < magnitude_.size() && count_ < kPartials; ++k) {
    const float here = magnitude_[k];
    if (here < kAudible * strongest || here < magnitude_[k - 1] || here <= magnitude_[k + 1]) continue;
    const double left = std::log(magnitude_[k - 1] + 1e-20), middle = std::log(here),
                 right = std::log(magnitude_[k + 1] + 1e-20);
    const double curve = left - 2 * middle + right, shift = curve < 0 ? 0.5 * (left - right) / curve : 0;
    partials_[count_++] = {(double(k) + shift) * sample_rate_ / fft_.size(), here / strongest};
  }
}

void Roughness::reset() {
  std::fill(recent_.begin(), recent_.end(), 0.f);
  next_ = 0;
}

}  // namespace nr
