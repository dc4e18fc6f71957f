// x - x^3 / 3, limited to +-2 / 3, and its integral.
#pragma once
#include <cmath>

namespace nr {

inline double bent(double x) { return std::fabs(x) > 1 ? std::copysign(2 / 3.0, x) : x - x * x * x / 3; }
inline double bent_integral(double x) {
  return std::fabs(x) > 1 ? std::fabs(x) * 2 / 3 - 0.25 : x * x * (0.5 - x * x / 12);
}

}  // namespace nr
