#include "descriptors/spectral.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nr {
namespace {

constexpr float kUndefined = std::numeric_limits<float>::quiet_NaN();
constexpr int kLanes = 8;  // independent sums, so that the compiler may use vectors

struct Moments {
  double sum = 0, first = 0, second = 0;  // of magnitude, bin * magnitude, bin^2 * magnitude
};

Moments moments(const Frame& frame) {
  double sum[kLanes] = {}, first[kLanes] = {}, second[kLanes] = {};
  const auto add = [&](int lane, int bin) {
    const double m = frame.magnitude[bin], weighted = m * bin;
    sum[lane] += m, first[lane] += weighted, second[lane] += weighted * bin;
  };
  int k = 0;
  for (; k + kLanes <= frame.bins; k += kLanes)
    for (int lane = 0; lane < kLanes; ++lane) add(lane, k + lane);
  for (; k < frame.bins; ++k) add(0, k);
  Moments m;
  for (int lane = 0; lane < kLanes; ++lane) m.sum += sum[lane], m.first += first[lane], m.second += second[lane];
  return m;
}

}  // namespace

float rms(const Frame& frame) {
  double sum[kLanes] = {};
  int n = 0;
  for (; n + kLanes <= frame.framing.window; n += kLanes)
    for (int lane = 0; lane < kLanes; ++lane) sum[lane] += double(frame.samples[n + lane]) * frame.samples[n + lane];
  for (; n < frame.framing.window; ++n) sum[0] += double(frame.samples[n]) * frame.samples[n];
  double total = 0;
  for (const double lane : sum) total += lane;
  return static_cast<float>(std::sqrt(total / frame.framing.window));
}

float centroid(const Frame& frame) {
  if (frame.silent) return kUndefined;
  const Moments m = moments(frame);
  return static_cast<float>(frame.bin_hz * m.first / m.sum);
}

float bandwidth(const Frame& frame) {
  if (frame.silent) return kUndefined;
  const Moments m = moments(frame);
  const double mean = m.first / m.sum;
  return static_cast<float>(frame.bin_hz * std::sqrt(std::max(0.0, m.second / m.sum - mean * mean)));
}

float flatness(const Frame& frame) {
  if (frame.silent) return kUndefined;
  constexpr int kTogether = 16;  // powers from 1e-10 to 1e9 multiply within double range: one logarithm for all
  double logs = 0, sum = 0;
  for (int k = 0; k < frame.bins;) {
    const int end = std::min(k + kTogether, frame.bins);
    double product = 1;
    for (; k < end; ++k) {
      const double p = std::max(frame.power[k], 1e-10f);
      product *= p, sum += p;
    }
    logs += std::log(product);
  }
  return static_cast<float>(std::exp(logs / frame.bins) / (sum / frame.bins));
}

float rolloff(const Frame& frame) {
  if (frame.silent) return kUndefined;
  const double wanted = 0.85 * moments(frame).sum;
  double sum = 0;
  int k = 0;
  while (k < frame.bins - 1 && (sum += frame.magnitude[k]) < wanted) ++k;
  return static_cast<float>(k * frame.bin_hz);
}

}  // namespace nr
