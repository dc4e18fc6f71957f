#include "descriptors/timbre_slopes.h"

#include <utility>

#include "base/error.h"
#include "descriptors/dual.h"
#include "descriptors/timbre.h"
#include "descriptors/zwicker_model.h"

namespace nr {
namespace {

using Level = Dual<28>;

// Adds the sum of f(sone a Bark) over a segment's samples. f(i, sone): value and slope by sone.
template <class Function>
void add(Level& sum, size_t first, size_t end, const Level& height, const Level& z, double steepness,
         const Function& f) {
  double value = 0, slope = 0;
  for (size_t i = first; i < end; ++i) {
    const auto [v, d] = f(i, height.value - steepness * (zwicker_model::bark(i) - z.value));
    value += v, slope += d;
  }
  sum.value += value;
  for (size_t n = 0; n < sum.slope.size(); ++n)
    sum.slope[n] += slope * (height.slope[n] + steepness * z.slope[n]);
}

using Sample = std::pair<double, double>;

}  // namespace

bool timbre_slopes(const std::string& name, const ThirdOctaveLevels& levels, TimbreSlopes& out) {
  const bool sharp = name == "sharpness", booms = name == "booming";
  if (!sharp && !booms && name != "warmth") fail("descriptor '", name, "' has no slopes by levels");
  const size_t below = booms ? kBelow280Hz : kBelow510Hz;
  std::array<Level, 28> at;
  for (size_t i = 0; i < at.size(); ++i) at[i].value = levels[i], at[i].slope[i] = 1;
  Level weighted, all, low;
  const Level total = zwicker_model::zwicker(
      at, [&](size_t first, size_t end, const Level& height, const Level& z, double steepness) {
        const auto sum = [&](Level& into, const auto& f) { add(into, first, end, height, z, steepness, f); };
        if (sharp) return sum(weighted, [](size_t i, double sone) {
          return Sample{sone * sharpness_weights()[i], sharpness_weights()[i]};
        });
        sum(all, [](size_t, double sone) { return Sample{sone, 1}; });
        sum(low, [&](size_t i, double sone) { return i < below ? Sample{sone, 1} : Sample{0, 0}; });
        if (booms) sum(weighted, [](size_t i, double sone) {
          const double rate = booming_weights()[i] * std::log(10.0) / 10, loud = std::exp(sone * rate);
          return Sample{loud, rate * loud};
        });
      });
  if (total <= 0 || (!sharp && all <= 0)) return false;
  const Level found = sharp ? 0.011 * weighted / total : booms ? 10 * log10(weighted) * low / all : low / all;
  constexpr double kSoftest = 0.01;  // sone: towards the threshold of hearing the slopes grow without bound
  out.value = found.value, out.slope = total.value < kSoftest ? std::array<double, 28>{} : found.slope;
  return true;
}

}  // namespace nr
