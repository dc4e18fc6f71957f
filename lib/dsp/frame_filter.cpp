#include "dsp/frame_filter.h"

#include <cmath>

namespace nr {

std::vector<float> design_frame_filter(int bins) {
  const int size = 2 * (bins - 1), reach = bins - 2;
  const double turn = 2 * std::acos(-1.0) / size;
  std::vector<float> out;
  for (int i = 0; i < bins; ++i)
    for (int k = -reach; k <= reach; ++k) {
      const double mirrored = i == 0 || i == bins - 1 ? 1 : 2, window = 0.5 * (1 + std::cos(turn * k));
      out.push_back(float(window * mirrored / size * std::cos(turn * i * k)));
    }
  return out;
}

}  // namespace nr
