#include "descriptors/intonation.h"

#include <cmath>
#include <limits>

#include "base/error.h"

namespace nr {
namespace {
constexpr double kTolerance = 50;  // cents
double cents_between(double played, double wanted) { return 1200 * std::log2(played / wanted); }
}  // namespace

bool in_tune(double played, double wanted) { return std::fabs(cents_between(played, wanted)) <= kTolerance; }

double Intonation::share() const {
  return voiced < kFewestVoiced ? std::numeric_limits<double>::quiet_NaN() : double(in_tune) / voiced;
}

Intonation intonation(const PitchTrack& wanted, const PitchTrack& played, double ratio, const PitchBounds& bounds) {
  if (wanted.size() != played.size())
    fail("intonation: ", played.size(), " frames played against ", wanted.size(), " wanted");
  Intonation out;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted.level[i] <= kNearSilence) continue;
    const double hz = wanted.hz[i] * ratio;
    if (wanted.voiced(i) && (hz < bounds.low || hz > bounds.high)) continue;
    out.played += played.voiced(i);
    if (!wanted.voiced(i)) continue;
    ++out.voiced;
    if (!played.voiced(i)) continue;
    const double cents = cents_between(played.hz[i], hz);
    ++out.both;
    out.cents.push_back(std::fabs(cents));
    if (std::fabs(cents) <= kTolerance)
      ++out.in_tune;
    else if (std::fabs(std::remainder(cents, 1200)) <= kTolerance)
      ++out.octaves;
  }
  return out;
}

}  // namespace nr
