#include "descriptors/flux.h"

#include <algorithm>
#include <limits>

#include "dsp/sums.h"

namespace nr {

Flux::Flux(const Framing& framing) : before_(framing.window / 2 + 1) {}

float Flux::of(const Frame& frame) {
  const double risen =
      lane_sum(frame.bins, [&](int k) { return double(std::max(frame.magnitude[k] - before_[k], 0.f)); });
  std::copy(frame.magnitude, frame.magnitude + frame.bins, before_.begin());
  return frame.silent ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(risen / frame.sum);
}

void Flux::reset() { std::fill(before_.begin(), before_.end(), 0.f); }

}  // namespace nr
