#include "descriptors/spectral.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsp/sums.h"

namespace nr {
namespace {

constexpr float kUndefined = std::numeric_limits<float>::quiet_NaN();
}  // namespace

float rms(const Frame& frame) {
  return static_cast<float>(std::sqrt(sum_of_squares(frame.samples, frame.framing.window) / frame.framing.window));
}

float centroid(const Frame& frame) {
  if (frame.silent) return kUndefined;
  return static_cast<float>(frame.bin_hz * frame.first / frame.sum);
}

float bandwidth(const Frame& frame) {
  if (frame.silent) return kUndefined;
  const double mean = frame.first / frame.sum;
  return static_cast<float>(frame.bin_hz * std::sqrt(std::max(0.0, frame.second / frame.sum - mean * mean)));
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
  constexpr int kStride = 32;  // whole strides first, then the bins of the last one
  const double wanted = 0.85 * frame.sum;
  double sum = 0;
  int k = 0;
  for (; k + kStride < frame.bins; k += kStride) {
    const double stride = lane_sum(kStride, [&](int i) { return double(frame.magnitude[k + i]); });
    if (sum + stride >= wanted) break;
    sum += stride;
  }
  while (k < frame.bins - 1 && (sum += frame.magnitude[k]) < wanted) ++k;
  return static_cast<float>(k * frame.bin_hz);
}

}  // namespace nr
