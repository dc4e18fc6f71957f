#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "descriptors/descriptor.h"

namespace nr {

std::vector<float> average(const std::vector<float>& curve, int ratio) {
  if (ratio < 1) fail("an average of ", ratio, " measurements: expected at least 1");
  std::vector<float> out((curve.size() + ratio - 1) / ratio);
  for (size_t i = 0; i < out.size(); ++i) {
    double sum = 0;
    int count = 0;
    for (size_t j = i * ratio; j < std::min(curve.size(), (i + 1) * ratio); ++j)
      if (!std::isnan(curve[j])) sum += curve[j], ++count;
    out[i] = count ? static_cast<float>(sum / count) : std::numeric_limits<float>::quiet_NaN();
  }
  return out;
}

void fill_gaps(std::vector<float>& curve, float otherwise) {
  const int64_t size = int64_t(curve.size());
  int64_t last = -1;  // the latest defined value
  for (int64_t i = 0; i < size;) {
    if (!std::isnan(curve[i])) {
      last = i++;
      continue;
    }
    int64_t next = i;
    while (next < size && std::isnan(curve[next])) ++next;
    for (const int64_t start = i; i < next; ++i) {
      if (last < 0 && next == size)
        curve[i] = otherwise;
      else if (last < 0)
        curve[i] = curve[next];
      else
        curve[i] = next == size || i - (start - 1) <= next - i ? curve[last] : curve[next];
    }
  }
}

std::vector<bool> active_frames(const std::vector<float>& rms) {
  float peak = 0;
  for (const float value : rms) peak = std::max(peak, value);
  const double floor = std::max(peak * std::pow(10.0, -35 / 20.0), std::pow(10.0, -55 / 20.0));
  std::vector<bool> active(rms.size());
  for (size_t i = 0; i < rms.size(); ++i) active[i] = rms[i] > floor;
  return active;
}

}  // namespace nr
