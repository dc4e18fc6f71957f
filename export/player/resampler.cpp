#include "resampler.h"

#include <algorithm>
#include <cmath>

namespace nr {
namespace {

constexpr double kPi = 3.141592653589793, kBeta = 9;  // of the Kaiser window: 90 dB

double bessel(double x) {
  double sum = 1, term = 1;
  for (int k = 1; k < 40; ++k) term *= (x / 2 / k) * (x / 2 / k), sum += term;
  return sum;
}

}  // namespace

SincResampler::SincResampler(double from, double to, int room)
    : step_(from / to), cutoff_(0.92 * std::min(1.0, to / from)) {
  if (from != to) {
    half_ = int(std::ceil(kZeros / cutoff_));
    for (int i = 0; i <= kZeros * kSteps; ++i) {
      const double t = double(i) / kSteps, edge = t / kZeros;
      const double sinc = i ? std::sin(kPi * t) / (kPi * t) : 1;
      table_.push_back(float(cutoff_ * sinc * bessel(kBeta * std::sqrt(1 - edge * edge)) / bessel(kBeta)));
    }
    table_.push_back(0);
  }
  ring_.resize(size_t(room + 2 * half_ + 2));
}

float SincResampler::kernel(double t) const {
  const double at = std::abs(t) * cutoff_ * kSteps;
  const auto i = size_t(at);
  if (i + 1 >= table_.size()) return 0;
  const auto part = float(at - double(i));
  return table_[i] + part * (table_[i + 1] - table_[i]);
}

void SincResampler::write(float x) { ring_[size_t(written_++) % ring_.size()] = x; }

bool SincResampler::read(float& y) {
  if (written_ <= whole_ + half_) return false;
  if (half_ == 0) {
    y = ring_[size_t(whole_++) % ring_.size()];
    return true;
  }
  double sum = 0;
  const long long first = std::max(0LL, whole_ - half_ + 1);
  size_t at = size_t(first) % ring_.size();
  for (long long k = first; k <= whole_ + half_; ++k) {
    sum += ring_[at] * kernel(double(k - whole_) - part_);
    if (++at == ring_.size()) at = 0;
  }
  y = float(sum);
  part_ += step_;
  const auto whole = static_cast<long long>(part_);
  whole_ += whole, part_ -= double(whole);
  return true;
}

void SincResampler::reset() { written_ = whole_ = 0, part_ = 0; }

}  // namespace nr
