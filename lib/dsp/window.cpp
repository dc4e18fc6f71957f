#include "dsp/window.h"

#include <cmath>

namespace nr {

std::vector<double> hann_window(int size) {
  std::vector<double> w(size);
  for (int n = 0; n < size; ++n) w[n] = 0.5 - 0.5 * std::cos(2 * 3.14159265358979323846 * n / size);
  return w;
}

std::vector<double> kaiser_window(int size, double beta) {
  std::vector<double> w(size, 1.0);
  for (int n = 0; n < size && size > 1; ++n) {
    const double x = 2.0 * n / (size - 1) - 1;
    w[n] = std::cyl_bessel_i(0, beta * std::sqrt(1 - x * x)) / std::cyl_bessel_i(0, beta);
  }
  return w;
}

}  // namespace nr
