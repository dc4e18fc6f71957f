#include "synth/similarity.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "base/error.h"
#include "dsp/fft.h"
#include "dsp/mel.h"
#include "dsp/window.h"

namespace nr {
namespace {

constexpr double kInaudible = 3e-4;  // amplitude of a sine, whose spectrum's peak is a quarter of that and the window
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Matrix {  // [frames][rows]
  std::vector<double> values;
  int frames = 0, rows = 0;
  const double* frame(int t) const { return values.data() + size_t(t) * rows; }
};

// Power spectra around every multiple of hop, zeros beyond the sound. The transform may be longer than the window.
Matrix power_spectra(const std::vector<float>& x, int window, int hop) {
  RealFft fft(RealFft::at_least(window));
  const std::vector<double> shape = hann_window(window);
  Matrix out{{}, int(x.size()) / hop + 1, fft.bins()};
  out.values.resize(size_t(out.frames) * out.rows);
  std::vector<float> cut(fft.size());
  std::vector<std::complex<float>> spectrum(fft.bins());
  for (int t = 0; t < out.frames; ++t) {
    std::fill(cut.begin(), cut.end(), 0.f);
    for (int i = 0; i < window; ++i) {
      const int64_t at = int64_t(t) * hop - window / 2 + i;
      if (at >= 0 && at < int64_t(x.size())) cut[i] = float(shape[i] * x[at]);
    }
    fft.forward(cut.data(), spectrum.data());
    for (int k = 0; k < out.rows; ++k) out.values[size_t(t) * out.rows + k] = std::norm(spectrum[k]);
  }
  return out;
}

Matrix mel_of(const Matrix& power, int sample_rate, int mels, double low, double high) {
  const std::vector<float> filters = mel_filters(sample_rate, 2 * (power.rows - 1), mels, low, high);
  Matrix out{std::vector<double>(size_t(power.frames) * mels), power.frames, mels};
  for (int m = 0; m < mels; ++m) {
    const float* filter = filters.data() + size_t(m) * power.rows;
    int first = 0, last = power.rows;
    while (first < last && filter[first] == 0) ++first;
    while (last > first && filter[last - 1] == 0) --last;
    for (int t = 0; t < power.frames; ++t) {
      double sum = 0;
      for (int k = first; k < last; ++k) sum += filter[k] * power.frame(t)[k];
      out.values[size_t(t) * mels + m] = sum;
    }
  }
  return out;
}

int samples_of(double seconds, int rate) { return 2 * std::max(8, int(std::lround(seconds * rate / 2))); }
int hop_of(double seconds, int rate) { return std::max(1, int(std::lround(seconds * rate))); }

// Mel bands in dB, floored at -80.
std::vector<double> levels_of(const std::vector<float>& sound, int rate, double window, double hop, int mels) {
  const int size = samples_of(window, rate);
  Matrix m = mel_of(power_spectra(sound, size, hop_of(hop, rate)), rate, mels, 0, rate / 2.0);
  for (double& v : m.values) v = std::max(-80.0, 10 * std::log10(v / size + 1e-12));
  return m.values;
}

// Orthonormal DCT-II of the mel bands in dB, floored 80 dB below the loudest, as librosa's.
Matrix mfcc(const std::vector<float>& x, int rate) {
  constexpr int kBands = 128, kCoefficients = 20;
  Matrix mel = mel_of(power_spectra(x, samples_of(0.05, rate), hop_of(0.01, rate)), rate, kBands, 0, rate / 2.0);
  double top = -1e9;
  for (double& v : mel.values) v = 10 * std::log10(std::max(v, 1e-10)), top = std::max(top, v);
  std::vector<double> basis(size_t(kCoefficients) * kBands);
  for (int c = 0; c < kCoefficients; ++c)
    for (int m = 0; m < kBands; ++m)
      basis[size_t(c) * kBands + m] = std::sqrt((c ? 2.0 : 1.0) / kBands) * std::cos(M_PI * c * (m + 0.5) / kBands);
  Matrix out{std::vector<double>(size_t(mel.frames) * kCoefficients), mel.frames, kCoefficients};
  for (int t = 0; t < mel.frames; ++t)
    for (int c = 0; c < kCoefficients; ++c)
      for (int m = 0; m < kBands; ++m)
        out.values[size_t(t) * kCoefficients + c] +=
            basis[size_t(c) * kBands + m] * std::max(mel.frame(t)[m], top - 80);
  return out;
}

// Dynamic time warping with steps (1, 0), (0, 1), (1, 1) under the mean absolute difference; -> its cost over the
// path's length, the shortest path of that cost.
double warped_distance(const Matrix& a, const Matrix& b) {
  struct Cell {
    double cost;
    int length;
  };
  const Cell wall{std::numeric_limits<double>::infinity(), 0};
  std::vector<Cell> row(size_t(b.frames) + 1, wall), before = row;
  before[0] = {0, 0};
  for (int i = 0; i < a.frames; ++i) {
    row[0] = wall;
    for (int j = 0; j < b.frames; ++j) {
      double here = 0;
      for (int c = 0; c < a.rows; ++c) here += std::abs(a.frame(i)[c] - b.frame(j)[c]);
      Cell best = before[j];
      for (const Cell& other : {before[j + 1], row[j]})
        if (other.cost < best.cost) best = other;
      row[j + 1] = {best.cost + here / a.rows, best.length + 1};
    }
    std::swap(row, before);
  }
  return before.back().cost / before.back().length;
}

double transport(const std::vector<float>& x, const std::vector<float>& y, int rate) {
  const int window = samples_of(0.05, rate), hop = hop_of(0.02, rate);
  const Matrix a = power_spectra(x, window, hop), b = power_spectra(y, window, hop);
  double sum = 0;
  int sounding = 0;
  for (int t = 0; t < a.frames; ++t) {
    double total_a = 0, total_b = 0, apart = 0, distance = 0, energy = 0;
    for (int k = 0; k < a.rows; ++k) {
      total_a += std::sqrt(a.frame(t)[k]), total_b += std::sqrt(b.frame(t)[k]);
      energy = std::max(energy, std::max(a.frame(t)[k], b.frame(t)[k]));
    }
    if (std::sqrt(energy) < kInaudible * window / 4) continue;  // else a WAV's rounding would count in its tail
    ++sounding;
    for (int k = 0; k + 1 < a.rows; ++k) {
      apart += std::sqrt(a.frame(t)[k]) / std::max(total_a, 1e-9) - std::sqrt(b.frame(t)[k]) / std::max(total_b, 1e-9);
      distance += std::abs(apart);
    }
    sum += distance / (a.rows - 1);
  }
  return sounding ? sum / sounding : kNone;
}

std::vector<double> envelope(const std::vector<float>& x, int rate) {
  const int window = samples_of(0.05, rate), hop = hop_of(0.025, rate);
  std::vector<double> out;
  for (size_t from = 0; from < x.size(); from += size_t(hop)) {
    double sum = 0;
    const size_t to = std::min(x.size(), from + size_t(window));
    for (size_t i = from; i < to; ++i) sum += double(x[i]) * x[i];
    out.push_back(std::sqrt(sum / window));
  }
  return out;
}

double envelope_cosine(const std::vector<float>& x, const std::vector<float>& y, int rate) {
  const std::vector<double> a = envelope(x, rate), b = envelope(y, rate);
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) ab += a[i] * b[i], aa += a[i] * a[i], bb += b[i] * b[i];
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : kNone;
}

}  // namespace

MelPower mel_power(const std::vector<float>& samples, const MelShape& s) {
  const double high = std::min(s.high, s.sample_rate / 2.0);
  const Matrix m = mel_of(power_spectra(samples, s.window, s.hop), s.sample_rate, s.mels, s.low, high);
  return {m.values, m.frames, m.rows};
}

MultiScaleLevels::MultiScaleLevels(std::vector<float> samples, int sample_rate, size_t length) {
  if (length > 0) samples.resize(length);
  scales = {levels_of(samples, sample_rate, 0.010, 0.005, 32), levels_of(samples, sample_rate, 0.025, 0.010, 64),
            levels_of(samples, sample_rate, 0.100, 0.050, 128)};
}

double mean_difference(const MultiScaleLevels& a, const MultiScaleLevels& b) {
  double out = 0;
  for (size_t s = 0; s < a.scales.size(); ++s) {
    if (a.scales[s].size() != b.scales[s].size()) fail("levels of sounds of different lengths cannot be compared");
    double sum = 0;
    for (size_t i = 0; i < a.scales[s].size(); ++i) sum += std::abs(a.scales[s][i] - b.scales[s][i]);
    out += sum / double(a.scales[s].size()) / double(a.scales.size());
  }
  return out;
}

double mss(const std::vector<float>& target, const std::vector<float>& made, int sample_rate) {
  const size_t length = std::max(target.size(), made.size());
  return mean_difference({target, sample_rate, length}, {made, sample_rate, length});
}

SoundDistances compare_sounds(const std::vector<float>& target, const std::vector<float>& made, int sample_rate) {
  if (target.empty()) fail("a target of no samples has no distance to another sound");
  const size_t length = std::max(target.size(), made.size());
  std::vector<float> x = target, y = made;
  x.resize(length), y.resize(length);
  MelShape shape;
  shape.sample_rate = sample_rate;
  const MelPower a = mel_power(x, shape), b = mel_power(y, shape);
  double apart = 0, size = 0, logs_apart = 0, logs = 0;
  for (size_t i = 0; i < a.values.size(); ++i) {
    const double m = a.values[i], n = b.values[i], log_m = std::log(m + 1e-9);
    apart += (m - n) * (m - n), size += m * m;
    logs_apart += std::abs(log_m - std::log(n + 1e-9)), logs += std::abs(log_m);
  }
  SoundDistances out;
  out.sc = size > 0 ? std::sqrt(apart / size) : kNone;
  out.mse = apart / double(a.values.size());
  out.lm = logs_apart / logs;
  out.mss = mean_difference({x, sample_rate}, {y, sample_rate});
  out.wmfcc = warped_distance(mfcc(x, sample_rate), mfcc(y, sample_rate));
  out.sot = transport(x, y, sample_rate);
  out.rms = envelope_cosine(x, y, sample_rate);
  return out;
}

}  // namespace nr
