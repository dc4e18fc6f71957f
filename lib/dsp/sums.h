// Sums in double precision over eight independent lanes: the order is fixed, and the compiler may still use vectors.
#pragma once

namespace nr {

template <class Term>
double lane_sum(int count, Term term) {
  double lanes[8] = {}, rest = 0;
  int i = 0;
  for (; i + 8 <= count; i += 8)
    for (int lane = 0; lane < 8; ++lane) lanes[lane] += term(i + lane);
  for (; i < count; ++i) rest += term(i);
  for (const double lane : lanes) rest += lane;
  return rest;
}

inline double sum_of_squares(const float* x, int count) {
  return lane_sum(count, [x](int i) { return double(x[i]) * x[i]; });
}

}  // namespace nr
