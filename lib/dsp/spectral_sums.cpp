#include "dsp/spectral_sums.h"

#include <cmath>
#include <vector>

#include "dsp/hop_columns.h"
#include "dsp/lane_fft.h"
#include "dsp/vector_math.h"

namespace nr {
namespace {

constexpr float kFloor = 1e-7f;

struct Work {
  const LaneFft& fft;
  const std::vector<float>& window;
  const HopColumns &target, &made;
  HopColumns *difference, *log;  // null: no gradients
  SpectralSums& sums;
};

template <int W>
NR_KERNEL double total(const Floats<W>& x) {
  double sum = 0;
  for (int l = 0; l < W; ++l) sum += x[l];
  return sum;
}

template <int W>
struct Tally {
  Floats<W> difference{}, target{}, log{};
};

// One bin: x its target's magnitude, y its spectrum -> with gradients, those of half the squared difference and of the
// logarithm by y: factors of y itself.
template <int W>
struct Factors {
  Floats<W> difference, log;
};
template <int W, bool gradients>
NR_KERNEL Factors<W> compare(const Floats<W>& x, const LaneFft::Bin<W>& y, const Floats<W>& valid, Tally<W>& t) {
  using F = Floats<W>;
  const F magnitude = root_of<W>(y.re * y.re + y.im * y.im), difference = magnitude - x;
  const F above = magnitude + kFloor, log = log_of<W>(above / (x + kFloor));
  t.difference += valid * difference * difference;
  t.target += valid * x * x;
  t.log += valid * (log < 0.f ? -log : log);
  if (!gradients) return {F{}, F{}};
  const F inverse = magnitude > 0.f ? 1.f / magnitude : F{};
  const F sign = difference > 0.f ? F{} + 1.f : difference < 0.f ? F{} - 1.f : F{};
  return {difference * inverse, sign * inverse / above};
}

template <int W, bool gradients>
NR_KERNEL void run(Work& w) {
  using F = Floats<W>;
  const int size = w.fft.size(), quarter = size / 4;
  struct alignas(64) Line {
    float numbers[16];
  };
  std::vector<Line> buffers((2 * size + size / 2 + 1) * W / 16 + 3);
  F* const a = reinterpret_cast<F*>(buffers.data());
  F *const b = a + size, *const x = b + size;
  for (int c = 0; c < w.target.columns(); c += W) {
    const F valid = w.target.template valid<W>(c);
    w.target.template load<W>(c, w.window.data(), a);
    w.fft.forward<W>(a);
    for (int k = 0; k <= quarter; ++k) {
      const auto [low, high] = w.fft.pair<W>(a, k);
      x[k] = root_of<W>(low.re * low.re + low.im * low.im);
      x[size / 2 - k] = root_of<W>(high.re * high.re + high.im * high.im);
    }
    w.made.template load<W>(c, w.window.data(), b);
    w.fft.forward<W>(b);
    Tally<W> all;
    for (int first = 0; first <= quarter; first += 32) {  // small sums, for their rounding
      Tally<W> tally;
      for (int k = first; k < first + 32 && k <= quarter; ++k) {
        const auto [low, high] = w.fft.pair<W>(b, k);
        // An inner bin stands for its mirrored one too, which halves its gradient.
        const float half = k ? 0.5f : 1;
        const auto [low_difference, low_log] = compare<W, gradients>(x[k], low, valid, tally);
        if (k == quarter) {
          if (gradients) {
            const LaneFft::Bin<W> difference{half * low_difference * low.re, half * low_difference * low.im};
            const LaneFft::Bin<W> log{half * low_log * low.re, half * low_log * low.im};
            w.fft.set_pair<W>(a, k, difference, difference), w.fft.set_pair<W>(b, k, log, log);
          }
          continue;
        }
        const auto [high_difference, high_log] = compare<W, gradients>(x[size / 2 - k], high, valid, tally);
        if (!gradients) continue;
        w.fft.set_pair<W>(a, k, {half * low_difference * low.re, half * low_difference * low.im},
                          {half * high_difference * high.re, half * high_difference * high.im});
        w.fft.set_pair<W>(b, k, {half * low_log * low.re, half * low_log * low.im},
                          {half * high_log * high.re, half * high_log * high.im});
      }
      all.difference += tally.difference, all.target += tally.target, all.log += tally.log;
    }
    w.sums.squared_difference += total<W>(all.difference);
    w.sums.squared_target += total<W>(all.target);
    w.sums.log_ratio += total<W>(all.log);
    if (!gradients) continue;
    w.fft.inverse<W>(a), w.difference->template add<W>(c, w.window.data(), valid, a);
    w.fft.inverse<W>(b), w.log->template add<W>(c, w.window.data(), valid, b);
  }
}

template <int W>
NR_KERNEL void kernel(Work& w) {
  w.difference ? run<W, true>(w) : run<W, false>(w);
}
NR_AT_WIDEST(compare_columns, kernel, Work)

int frames_of(int samples, int size) { return samples / (size / 4) + 1; }

}  // namespace

bool has_spectral_sums(int size) { return size >= 16 && LaneFft::fits(size); }

int spectral_sums_rows(int samples, int size) { return 1 + 63 / (frames_of(samples, size) + 3); }

SpectralSums spectral_sums(const float* target, const float* made, int rows, int samples, int size,
                           float* difference_gradient, float* log_gradient) {
  SpectralSums sums;
  const LaneFft fft(size);
  const int hop = size / 4, frames = frames_of(samples, size);
  std::vector<float> window(size);
  const double scale = 0.5 / std::sqrt(double(size));
  for (int i = 0; i < size; ++i) window[i] = float(scale * (1 - std::cos(2 * M_PI * i / size)));
  const auto empty = [&] { return HopColumns(size, hop, frames, rows); };
  HopColumns x = empty(), y = empty();
  std::vector<float> padded(x.row_samples());
  const auto place = [&](int i) {  // of a padded sample in its row
    const int at = i < size / 2 ? size / 2 - i : i - size / 2;
    return at < samples ? at : 2 * (samples - 1) - at;
  };
  for (int row = 0; row < rows; ++row) {
    for (size_t i = 0; i < padded.size(); ++i) padded[i] = target[size_t(row) * samples + place(int(i))];
    x.put(row, padded.data());
    for (size_t i = 0; i < padded.size(); ++i) padded[i] = made[size_t(row) * samples + place(int(i))];
    y.put(row, padded.data());
  }
  std::vector<HopColumns> gradients;
  if (difference_gradient) gradients = {empty(), empty()};
  Work work{fft, window, x, y, nullptr, nullptr, sums};
  if (difference_gradient) work.difference = &gradients[0], work.log = &gradients[1];
  compare_columns(work);
  if (!difference_gradient) return sums;
  for (int row = 0; row < rows; ++row)
    for (int table = 0; table < 2; ++table) {
      gradients[table].take(row, padded.data());
      float* to = (table ? log_gradient : difference_gradient) + size_t(row) * samples;
      for (int i = 0; i < samples; ++i) to[i] = 0;
      for (size_t i = 0; i < padded.size(); ++i) to[place(int(i))] += padded[i];
    }
  return sums;
}

}  // namespace nr
