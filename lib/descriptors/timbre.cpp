#include "descriptors/timbre.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dsp/sums.h"

namespace nr {
namespace {

constexpr float kUndefined = std::numeric_limits<float>::quiet_NaN();

template <class Weight>
double weighted_sum(const SpecificLoudness& loudness, Weight weight) {
  return lane_sum(int(loudness.at.size()), [&](int i) { return double(loudness.at[i]) * weight(i); });
}

using Weights = std::array<double, 240>;

Weights weights_of_sharpness() {
  Weights g;
  for (int i = 0; i < 240; ++i) {
    const double z = 0.1 * (i + 1);
    g[i] = z * (z <= 15.8 ? 1 : 0.15 * std::exp(0.42 * (z - 15.8)) + 0.85);  // DIN 45692, eq. (2)
  }
  return g;
}

Weights weights_of_booming() {
  Weights w;
  for (int i = 0; i < 240; ++i) {
    const double hz = 600 * std::sinh(0.1 * (i + 1) / 6);
    w[i] = 2.13 * std::exp(-0.151 * ((std::log10(hz + 1) - std::log10(25)) / (std::log10(31.5) - std::log10(25)) + 1));
  }
  const double first[4] = {0.8, 1.05, 1.10, 1.18};
  std::copy(first, first + 4, w.begin());
  return w;
}

const Weights kSharpness = weights_of_sharpness(), kBooming = weights_of_booming();

}  // namespace

const Weights& sharpness_weights() { return kSharpness; }
const Weights& booming_weights() { return kBooming; }

float sharpness(const Frame& frame) {
  if (frame.silent || frame.loudness->total <= 0) return kUndefined;
  return static_cast<float>(0.11 * 0.1 * weighted_sum(*frame.loudness, [](int i) { return kSharpness[i]; }) /
                            frame.loudness->total);
}

float booming(const Frame& frame) {
  if (frame.silent || frame.loudness->total <= 0) return kUndefined;
  const auto& n = frame.loudness->at;
  double loud = 0, low = 0, all = 0;
  for (int i = 0; i < 240; ++i) {
    loud += std::pow(10.0, n[i] * kBooming[i] / 10);
    all += n[i];
    if (i < kBelow280Hz) low += n[i];
  }
  return static_cast<float>(10 * std::log10(loud) * low / all);
}

float warmth(const Frame& frame) {
  if (frame.silent || frame.loudness->total <= 0) return kUndefined;
  const double all = weighted_sum(*frame.loudness, [](int) { return 1.0; });
  return static_cast<float>(weighted_sum(*frame.loudness, [](int i) { return i < kBelow510Hz ? 1.0 : 0.0; }) / all);
}

float brightness(const Frame& frame) {
  if (frame.silent) return kUndefined;
  const int from = std::min(frame.bins, int(std::ceil(1500 / frame.bin_hz)));
  const double low = lane_sum(from, [&](int k) { return double(frame.power[k]); });
  const double high = lane_sum(frame.bins - from, [&](int k) { return double(frame.power[from + k]); });
  return static_cast<float>(high / (low + high));
}

float zero_crossings(const Frame& frame) {
  const auto negative = [&](int n) { return frame.samples[n] < -1e-10f; };
  int count = 0;
  for (int n = 1; n < frame.framing.window; ++n) count += negative(n) != negative(n - 1);
  return float(count) / float(frame.framing.window);
}

}  // namespace nr
