#include "evaluation/sdr.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace nr {

double si_sdr(const std::vector<float>& reference, const std::vector<float>& estimate) {
  if (reference.size() != estimate.size()) fail("si_sdr: ", reference.size(), " samples against ", estimate.size());
  double rr = 0, re = 0;
  for (size_t i = 0; i < reference.size(); ++i) {
    rr += double(reference[i]) * reference[i];
    re += double(reference[i]) * estimate[i];
  }
  if (rr == 0) return std::numeric_limits<double>::quiet_NaN();
  const double gain = re / rr;
  double target = 0, rest = 0;
  for (size_t i = 0; i < reference.size(); ++i) {
    const double along = gain * reference[i], error = estimate[i] - along;
    target += along * along;
    rest += error * error;
  }
  return std::clamp(10 * std::log10((target + 1e-30) / (rest + 1e-30)), -200.0, 200.0);
}

}  // namespace nr
