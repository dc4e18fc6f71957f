#include "dsp/frame_filter.h"

#include <cmath>

namespace nr {

std::vector<float> design_frame_filter(int bins) {
  const int size = 2 * (bins - 1), side = bins - 2;  // taps on each side of the middle
  const double step = 2 * std::acos(-1.0) / size;
  std::vector<float> out;
  for (int i = 0; i < bins; ++i)
    for (int k = -side; k <= side; ++k) {
      const double mirrored = i == 0 || i == bins - 1 ? 1 : 2, window = 0.5 * (1 + std::cos(step * k));
      out.push_back(float(window * mirrored / size * std::cos(step * i * k)));
    }
  return out;
}

}  // namespace nr
