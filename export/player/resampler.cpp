#include "resampler.h"

#include <algorithm>
#include <cmath>

namespace nr {
namespace {

constexpr double kPi = 3.141592653589793, kBeta = 9;  // of the Kaiser window: 90 dB
constexpr int kLanes = 8;

double bessel(double x) {
  double sum = 1, term = 1;
  for (int k = 1; k < 40; ++k) term *= (x / 2 / k) * (x / 2 / k), sum += term;
  return sum;
}

}  // namespace

SincResampler::SincResampler(double from, double to, int room) : step_(from / to) {
  const double cutoff = 0.92 * std::min(1.0, to / from);
  if (from != to) {
    half_ = int(std::ceil(kZeros / cutoff));
    taps_ = (2 * half_ + kLanes - 1) / kLanes * kLanes;
    rows_.resize(size_t(kPhases + 1) * size_t(taps_));
    for (int phase = 0; phase <= kPhases; ++phase)
      for (int tap = 0; tap < 2 * half_; ++tap) {
        const double t = (tap - half_ + 1 - double(phase) / kPhases) * cutoff, edge = t / kZeros;
        if (std::abs(edge) >= 1) continue;
        const double sinc = std::abs(t) > 1e-9 ? std::sin(kPi * t) / (kPi * t) : 1;
        rows_[size_t(phase) * size_t(taps_) + size_t(tap)] =
            float(cutoff * sinc * bessel(kBeta * std::sqrt(1 - edge * edge)) / bessel(kBeta));
      }
  }
  size_ = size_t(room + 2 * half_ + 2);
  ring_.resize(2 * size_ + kLanes);
}

void SincResampler::write(float x) {
  const size_t at = size_t(written_++) % size_;
  ring_[at] = ring_[at + size_] = x;
}

bool SincResampler::read(float& y) {
  if (written_ <= whole_ + half_) return false;
  if (half_ == 0) {
    y = ring_[size_t(whole_++) % size_];
    return true;
  }
  // Before the first sample there is silence: nothing was written there.
  const float* x = ring_.data() + size_t(whole_ - half_ + 1 + (long long)size_) % size_;
  const double place = part_ * kPhases;
  const int phase = int(place);
  const float *a = row(phase), *b = row(phase + 1), part = float(place - phase);
  float sums[kLanes] = {};
  for (int tap = 0; tap < taps_; tap += kLanes)
    for (int lane = 0; lane < kLanes; ++lane) {
      const int i = tap + lane;
      sums[lane] += x[i] * (a[i] + part * (b[i] - a[i]));
    }
  y = 0;
  for (const float sum : sums) y += sum;
  part_ += step_;
  const auto whole = static_cast<long long>(part_);
  whole_ += whole, part_ -= double(whole);
  return true;
}

void SincResampler::reset() {
  written_ = whole_ = 0, part_ = 0;
  std::fill(ring_.begin(), ring_.end(), 0.f);
}

}  // namespace nr
