#include "dsp/oversampler.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "dsp/simd.h"
#include "dsp/window.h"

namespace nr {
namespace {

struct Fir {
  const float* taps;
  int count, rows;
  const float* x;  // rows + count - 1, and kBehind that may be read
  float* y;
};
constexpr size_t kBehind = 15;

template <int W>
NR_KERNEL void fir(Fir& f) {
  using F = Floats<W>;
  for (int n = 0; n < f.rows; n += W) {
    F sum{};
    for (int k = 0; k < f.count; ++k) sum += f.taps[k] * *reinterpret_cast<const F*>(f.x + n + k);
    std::memcpy(f.y + n, &sum, sizeof(float) * std::min(W, f.rows - n));
  }
}
NR_AT_WIDEST(filter_rows, fir, Fir)

constexpr double kBeta = 10.06;  // of Kaiser's window: 100 dB

// Behind `keep` numbers of the past, `count` new ones; the newest stay as the past of the next call.
void append(std::vector<float>& past, size_t keep, const float* x, int count, int step) {
  past.resize(keep + size_t(count) + kBehind);
  for (int i = 0; i < count; ++i) past[keep + size_t(i)] = x[i * step];
}
void forget(std::vector<float>& past, size_t keep, int count) {
  std::copy_n(past.begin() + count, keep, past.begin());
}

}  // namespace

Halver::Halver() {
  constexpr double kCutoff = 0.2375;  // of x's rate: between 0.45 and 0.5 of y's
  std::vector<double> taps = kaiser_window(2 * kDelay + 1, kBeta);
  double sum = 0;
  for (int i = -kDelay; i <= kDelay; ++i) {
    const double x = 2 * M_PI * kCutoff * i;
    sum += taps[size_t(i + kDelay)] *= i ? std::sin(x) / x : 1;
  }
  for (size_t i = 0; i < taps.size(); ++i) (i % 2 ? odd_ : even_).push_back(float(taps[i] / sum));
  even_past_.resize(even_.size() - 1), odd_past_.resize(odd_.size());
}

// Taps are symmetric. The newest sample of an output is x's first of two, so the second waits for the next output.
void Halver::down(const float* x, int count, float* y) {
  append(even_past_, even_.size() - 1, x, count, 2), append(odd_past_, odd_.size(), x + 1, count, 2);
  row_.resize(size_t(count));
  Fir even{even_.data(), int(even_.size()), count, even_past_.data(), y};
  Fir odd{odd_.data(), int(odd_.size()), count, odd_past_.data(), row_.data()};
  filter_rows(even), filter_rows(odd);
  for (int i = 0; i < count; ++i) y[i] += row_[size_t(i)];
  forget(even_past_, even_.size() - 1, count), forget(odd_past_, odd_.size(), count);
}

// The middle tap is 1/2, the taps an even number of samples from it are 0.
HalfBand::HalfBand(int side) : side_(side), taps_(2 * side), past_(2 * side - 1), other_(side) {
  const std::vector<double> window = kaiser_window(4 * side - 1, kBeta);
  double sum = 0;
  for (int i = 0; i < 2 * side; ++i) {
    const double x = M_PI / 2 * (2 * i - (2 * side - 1));
    sum += taps_[i] = float(std::sin(x) / x * window[size_t(2 * i)]);
  }
  for (float& tap : taps_) tap = float(tap * 0.5 / sum);
}

void HalfBand::up(const float* x, int count, float* y) {
  const size_t keep = 2 * side_ - 1;
  append(past_, keep, x, count, 1);
  row_.resize(size_t(count));
  Fir f{taps_.data(), 2 * side_, count, past_.data(), row_.data()};
  filter_rows(f);
  for (int i = 0; i < count; ++i) y[2 * i] = 2 * row_[i], y[2 * i + 1] = past_[size_t(i + side_)];
  forget(past_, keep, count);
}

void HalfBand::down(const float* x, int count, float* y) {
  append(past_, 2 * side_ - 1, x, count, 2);
  append(other_, side_, x + 1, count, 2);
  Fir f{taps_.data(), 2 * side_, count, past_.data(), y};
  filter_rows(f);
  for (int i = 0; i < count; ++i) y[i] += 0.5f * other_[size_t(i)];
  forget(past_, 2 * side_ - 1, count), forget(other_, side_, count);
}

void Oversampler::up(const float* x, int count, float* y) {
  two_.resize(2 * size_t(count)), four_.resize(4 * size_t(count));
  up_[0].up(x, count, two_.data());
  up_[1].up(two_.data(), 2 * count, four_.data());
  up_[2].up(four_.data(), 4 * count, y);
}

void Oversampler::down(const float* x, int count, float* y) {
  two_.resize(2 * size_t(count)), four_.resize(4 * size_t(count) + 1);
  four_[0] = held_;
  down_[0].down(x, 4 * count, four_.data() + 1);
  held_ = four_.back();
  down_[1].down(four_.data(), 2 * count, two_.data());
  last_.down(two_.data(), count, y);
}

}  // namespace nr
