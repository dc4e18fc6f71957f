#include "descriptors/yin.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {
namespace {

constexpr float kTolerance = 0.1f;      // a trough this much above the deepest one counts as well
constexpr float kNearTolerance = 0.3f;  // the same for one near the median of earlier frames
constexpr float kDeeper = 0.02f;        // of the old period's trough, where a tone seems to leap up
constexpr int kLongestGap = 6;          // frames without a pitch after which a new note may begin
constexpr int kFineLag = 128;           // samples: a shorter period is measured over several

}  // namespace

Yin::Yin(int sample_rate, int window, double low_hz, double high_hz)
    : sample_rate_(sample_rate),
      window_(window),
      min_period_(std::max(2, int(std::floor(sample_rate / std::min(high_hz, sample_rate / 2.0))))),
      max_period_(std::min(int(std::ceil(sample_rate / low_hz)), 2 * window / 3)),
      fft_(RealFft::at_least(window + max_period_)) {
  if (max_period_ <= min_period_ + 1)
    fail("pitch from ", window, " samples at ", sample_rate, " Hz: the window is shorter than any period");
  padded_.assign(fft_.size(), 0.f), correlation_.resize(fft_.size()), spectrum_.resize(fft_.bins());
  normalised_.resize(max_period_ + 1);
}

bool Yin::trough(int lag) const {
  const float here = normalised_[lag];
  return (lag == min_period_ || here < normalised_[lag - 1]) && (lag == max_period_ || here <= normalised_[lag + 1]);
}

double Yin::vertex(int lag) const {
  if (lag == min_period_ || lag == max_period_) return lag;
  const double a = double(normalised_[lag + 1]) + normalised_[lag - 1] - 2.0 * normalised_[lag];
  const double b = (double(normalised_[lag + 1]) - normalised_[lag - 1]) / 2;
  return std::fabs(b) < std::fabs(a) ? lag - b / a : lag;
}

// A parabola is a poor fit to a trough that is few samples wide. So a short period is measured at its multiples, each
// found from the one of half its size: an error there is divided by the multiple.
double Yin::period(int lag) const {
  double found = vertex(lag);
  for (int multiple = 2; multiple * found < kFineLag && multiple * found < max_period_ - 1; multiple *= 2) {
    const int about = int(std::lround(multiple * found));
    int best = about;
    for (const int near : {about - 1, about + 1})
      if (normalised_[near] < normalised_[best]) best = near;
    if (!trough(best)) break;
    found = vertex(best) / multiple;
  }
  return found;
}

Pitch Yin::of(const float* samples) {
  std::copy(samples, samples + window_, padded_.begin());
  fft_.forward(padded_.data(), spectrum_.data());
  for (std::complex<float>& bin : spectrum_) bin = {bin.real() * bin.real() + bin.imag() * bin.imag(), 0.f};
  fft_.inverse(spectrum_.data(), correlation_.data());

  const double scale = 1.0 / fft_.size(), energy = correlation_[0] * scale;
  if (!(energy > 0)) return {};
  double both = 2 * energy, sum = 0;  // of x(n)^2 + x(n + lag)^2 over the overlap; of d up to the lag
  for (int lag = 1; lag <= max_period_; ++lag) {
    const double first = samples[lag - 1], last = samples[window_ - lag];
    both -= first * first + last * last;
    const double difference = std::max(0.0, both - 2 * correlation_[lag] * scale) / (window_ - lag);
    sum += difference;
    normalised_[lag] = sum > 0 ? static_cast<float>(difference * lag / sum) : 1.f;
  }

  const auto deepest = std::min_element(normalised_.begin() + min_period_, normalised_.end());
  int lag = min_period_;
  while (!(normalised_[lag] <= *deepest + kTolerance && trough(lag))) ++lag;
  return at(lag);
}

Pitch Yin::at(int lag) const {
  return {static_cast<float>(sample_rate_ / period(lag)), std::max(0.f, 1 - normalised_[lag])};
}

int Yin::trough_near(double lag) const {
  int best = 0;
  for (int l = std::max(min_period_, int(0.94 * lag)); l <= std::min(max_period_, int(1.06 * lag) + 1); ++l)
    if (trough(l) && (best == 0 || normalised_[l] < normalised_[best])) best = l;
  const float deepest = *std::min_element(normalised_.begin() + min_period_, normalised_.end());
  return best > 0 && normalised_[best] <= deepest + kNearTolerance ? best : 0;
}

Pitch Yin::next(const float* samples) {
  const Pitch found = of(samples);
  if (found.confidence < kVoiced) {
    if (++gap_ >= kLongestGap) count_ = 0;
    return found;
  }
  gap_ = 0;
  voiced_[size_t(count_++) % voiced_.size()] = found.hz;
  const int known = std::min(count_, int(voiced_.size()));
  auto sorted = voiced_;
  std::nth_element(sorted.begin(), sorted.begin() + known / 2, sorted.begin() + known);
  const float median = sorted[known / 2];
  if (known < 3 || std::fabs(std::log2(found.hz / median)) <= 0.5f) return found;
  const int lag = trough_near(sample_rate_ / double(median));
  if (lag == 0) return found;
  const Pitch near = at(lag);
  // A tone an octave up repeats with the old period just as well. It is a new note then.
  return found.hz > median && near.confidence < found.confidence + kDeeper ? found : near;
}

void Yin::reset() { count_ = gap_ = 0; }

}  // namespace nr
