#include "dsp/pqmf.h"

#include <cmath>

#include "base/error.h"
#include "dsp/window.h"

namespace nr {
namespace {

constexpr double kPi = 3.14159265358979323846;

// Kaiser's formulas for length and beta; the transition is as wide as the cutoff. `window` is computed again only when
// the length changes.
std::vector<double> prototype(double cutoff, double attenuation_db, std::vector<double>& window) {
  const int order = static_cast<int>(std::ceil((attenuation_db - 7.95) / (2.285 * cutoff))) + 1,
            taps = 2 * (order / 2) + 1;
  if (int(window.size()) != taps) window = kaiser_window(taps, 0.1102 * (attenuation_db - 8.7));
  std::vector<double> h = window;
  for (int n = 0; n < taps; ++n) {
    const double t = n - (taps - 1) / 2;
    h[n] *= t == 0 ? cutoff / kPi : std::sin(cutoff * t) / (kPi * t);
  }
  return h;
}

double worst_leak(const std::vector<double>& h, int bands) {
  double worst = 0;
  for (size_t lag = 2 * bands; lag < h.size(); lag += 2 * bands) {
    double r = 0;
    for (size_t n = lag; n < h.size(); ++n) r += h[n] * h[n - lag];
    worst = std::max(worst, std::fabs(r));
  }
  return worst;
}

}  // namespace

Pqmf design_pqmf(int bands, double attenuation_db) {
  if (bands < 2) fail("a filter bank needs at least 2 bands (", bands, " given)");
  std::vector<double> window;
  // Grids, each finer and around the best point of the one before: the objective has many local minima.
  double best = 1, cutoff = 0;
  for (double low = 0.9, high = 1.3, step = 1e-3; step > 1e-7; step /= 50) {
    for (double x = low; x <= high; x += step) {
      const double c = x * kPi / (2 * bands), leak = worst_leak(prototype(c, attenuation_db, window), bands);
      if (leak < best) best = leak, cutoff = c;
    }
    const double x = cutoff * 2 * bands / kPi;
    low = x - step, high = x + step;
  }
  const std::vector<double> h = prototype(cutoff, attenuation_db, window);
  Pqmf bank;
  bank.bands = bands, bank.taps = static_cast<int>(h.size());
  for (int k = 0; k < bands; ++k)
    for (int direction : {-1, 1})
      for (int n = 0; n < bank.taps; ++n) {
        const int m = direction < 0 ? bank.taps - 1 - n : n;
        const double t = m - (bank.taps - 1) / 2, phase = (k % 2 ? -1 : 1) * kPi / 4;
        const double c = 2 * h[m] * std::cos((2 * k + 1) * kPi / (2 * bands) * t + (direction < 0 ? phase : -phase));
        (direction < 0 ? bank.analysis : bank.synthesis).push_back(static_cast<float>(direction < 0 ? c : bands * c));
      }
  return bank;
}

}  // namespace nr
