#include "descriptors/swipe.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "dsp/window.h"

namespace nr {
namespace {

constexpr int kAnOctave = 48;       // candidates
constexpr double kErbStep = 0.1;    // between frequencies
constexpr double kHighest = 10000;  // Hz looked at
constexpr int kHarmonics = 20;      // whose peaks refine a pitch
constexpr double kRmsSeconds = 0.064;

// ERB-rate (Glasberg and Moore 1990).
double erbs(double hz) { return 21.4 * std::log10(1 + hz / 229); }
double hertz(double erbs) { return (std::pow(10, erbs / 21.4) - 1) * 229; }

// The first and the prime harmonics of a sound have a lobe, and half a trough on either side.
bool counts(int harmonic) {
  for (int divisor = 2; divisor * divisor <= harmonic; ++divisor)
    if (harmonic % divisor == 0) return false;
  return harmonic >= 1;
}

double kernel_at(double ratio, int harmonics) {  // ratio: frequency / pitch
  double sum = 0;
  for (int h = std::max(1, int(ratio)); h <= std::min(harmonics, int(ratio) + 1); ++h) {
    const double distance = std::fabs(ratio - h);
    if (counts(h) && distance < 0.75) sum += std::cos(2 * M_PI * ratio) * (distance < 0.25 ? 1 : 0.5);
  }
  return sum;
}

float rms(const std::vector<float>& samples, int64_t first, int64_t last) {
  double sum = 0;
  for (int64_t i = std::max<int64_t>(0, first); i < std::min<int64_t>(last, int64_t(samples.size())); ++i)
    sum += double(samples[i]) * samples[i];
  return static_cast<float>(std::sqrt(sum / double(last - first)));
}

}  // namespace

bool PitchTrack::voiced(size_t frame) const {
  return strength[frame] >= Swipe::kVoiced && level[frame] > Swipe::kQuietest;
}

Swipe::Swipe(int sample_rate) : sample_rate_(sample_rate) {
  if (sample_rate < 8 * kLow)
    fail("pitch from ", kLow, " Hz on at a rate of ", sample_rate, " Hz: expected at least ", 8 * kLow, " Hz");
  const double high = std::min(kHigh, sample_rate / 4.0);
  for (double pitch = kLow; pitch < 2 * high; pitch *= 2) {
    const int size = std::max(16, int(std::lround(8 * sample_rate / pitch)));  // eight periods
    RealFft fft(RealFft::at_least(2 * size));
    std::vector<float> window;
    for (const double w : hann_window(size)) window.push_back(static_cast<float>(w));
    const double bin_hz = double(sample_rate) / fft.size();
    windowed_.resize(std::max(windowed_.size(), size_t(fft.size())));
    spectrum_.resize(std::max(spectrum_.size(), size_t(fft.bins())));
    std::vector<float> root(fft.bins());
    resolutions_.push_back({std::move(fft), std::move(window), std::move(root), bin_hz});
  }
  const double top = erbs(std::min(kHighest, sample_rate / 2.0));
  for (double at = erbs(kLow / 4); at <= top; at += kErbStep) frequencies_.push_back(hertz(at));
  loudness_.assign(resolutions_.size(), std::vector<float>(frequencies_.size()));
  for (int i = 0; i <= int(std::log2(high / kLow) * kAnOctave + 0.5); ++i)
    candidates_.push_back(candidate(double(i) / kAnOctave));
}

Swipe::Candidate Swipe::candidate(double octaves) const {
  const double pitch = kLow * std::exp2(octaves);
  Candidate out;
  out.octaves = octaves;
  out.lower = std::clamp(int(std::floor(octaves)), 0, int(resolutions_.size()) - 2);
  out.share = static_cast<float>(std::clamp(octaves - out.lower, 0.0, 1.0));
  const int harmonics = int(frequencies_.back() / pitch - 0.75);
  const auto from = std::lower_bound(frequencies_.begin(), frequencies_.end(), pitch / 4);
  const auto to = std::lower_bound(from, frequencies_.end(), (harmonics + 0.75) * pitch);
  out.first = int(from - frequencies_.begin());
  double squares = 0;
  for (auto at = from; at != to; ++at) {
    const double value = kernel_at(*at / pitch, harmonics) * std::sqrt(1 / *at);
    out.kernel.push_back(static_cast<float>(value));
    if (value > 0) squares += value * value;
  }
  for (float& value : out.kernel) value = static_cast<float>(value / std::sqrt(squares));
  return out;
}

float Swipe::strength(const Candidate& c) const {
  const auto match = [&](int resolution) {
    const float* loudness = loudness_[resolution].data() + c.first;
    float sum = 0;
    for (size_t i = 0; i < c.kernel.size(); ++i) sum += loudness[i] * c.kernel[i];
    return sum;
  };
  return (1 - c.share) * match(c.lower) + c.share * match(c.lower + 1);
}

void Swipe::look(const std::vector<float>& samples, int64_t centre) {
  for (size_t r = 0; r < resolutions_.size(); ++r) {
    Resolution& res = resolutions_[r];
    const int64_t size = int64_t(res.window.size()), first = centre - size / 2;
    std::fill_n(windowed_.begin(), res.fft.size(), 0.f);
    for (int64_t n = 0; n < size; ++n)
      if (first + n >= 0 && first + n < int64_t(samples.size())) windowed_[n] = samples[first + n] * res.window[n];
    res.fft.forward(windowed_.data(), spectrum_.data());
    for (int k = 0; k < res.fft.bins(); ++k) res.root[k] = std::sqrt(std::abs(spectrum_[k]));
    double squares = 0;
    for (size_t i = 0; i < frequencies_.size(); ++i) {
      const double place = frequencies_[i] / res.bin_hz;
      const int below = std::min(int(place), res.fft.bins() - 2);
      const float value = res.root[below] + float(place - below) * (res.root[below + 1] - res.root[below]);
      loudness_[r][i] = value, squares += double(value) * value;
    }
    const float scale = squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.f;
    for (float& value : loudness_[r]) value *= scale;
  }
}

double Swipe::refined(const Candidate& c) const {
  const Resolution& res = resolutions_[c.lower];
  const double pitch = kLow * std::exp2(c.octaves);
  double sum = 0, weights = 0;
  for (int h = 1; h <= kHarmonics && (h + 0.25) * pitch < frequencies_.back(); ++h) {
    const int first = int((h - 0.25) * pitch / res.bin_hz), last = int((h + 0.25) * pitch / res.bin_hz) + 1;
    const auto at = std::max_element(res.root.begin() + first, res.root.begin() + last);
    const int k = int(at - res.root.begin());
    if (k == first || k == last - 1 || *at <= 0) continue;  // no peak
    const double before = std::log(std::max(1e-12f, at[-1])), behind = std::log(std::max(1e-12f, at[1])),
                 curve = before - 2 * std::log(*at) + behind;
    const double hz = (k + (curve < 0 ? (before - behind) / (2 * curve) : 0)) * res.bin_hz;
    const double power = std::pow(double(*at), 4);
    sum += power * h * hz, weights += power * h * h;
  }
  return weights > 0 ? sum / weights : pitch;
}

PitchTrack Swipe::track(const std::vector<float>& samples) {
  PitchTrack out;
  out.hop = int(std::lround(kSeconds * sample_rate_));
  const int64_t half = std::llround(kRmsSeconds * sample_rate_ / 2);
  std::vector<float> found(candidates_.size());
  for (int64_t centre = out.hop / 2; centre - out.hop / 2 < int64_t(samples.size()); centre += out.hop) {
    out.level.push_back(rms(samples, centre - half, centre + half));
    out.hz.push_back(0), out.strength.push_back(0);
    if (out.level.back() <= 0) continue;
    look(samples, centre);
    for (size_t c = 0; c < candidates_.size(); ++c) found[c] = strength(candidates_[c]);
    const size_t best = size_t(std::max_element(found.begin(), found.end()) - found.begin());
    out.hz.back() = static_cast<float>(refined(candidates_[best])), out.strength.back() = found[best];
  }
  return out;
}

}  // namespace nr
