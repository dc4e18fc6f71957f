// Sums in double precision over eight independent lanes. The order is fixed, so results are the same on every machine,
// and the compiler can still use vector instructions.
#pragma once

namespace nr {

template <class Summand>
double lane_sum(int count, Summand summand) {
  double lanes[8] = {}, rest = 0;
  int i = 0;
  for (; i + 8 <= count; i += 8)
    for (int lane = 0; lane < 8; ++lane) lanes[lane] += summand(i + lane);
  for (; i < count; ++i) rest += summand(i);
  for (const double lane : lanes) rest += lane;
  return rest;
}

inline double sum_of_squares(const float* x, int count) {
  return lane_sum(count, [x](int i) { return double(x[i]) * x[i]; });
}

}  // namespace nr
