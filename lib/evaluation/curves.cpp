#include "evaluation/curves.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

template <class Unit>
std::vector<double> selected(const std::vector<float>& curve, const std::vector<bool>& where, const Unit& unit) {
  std::vector<double> out;
  for (size_t i = 0; i < curve.size(); ++i)
    if (where[i]) out.push_back(unit(curve[i]));
  return out;
}

double mean_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / a.size();
}

}  // namespace

double warped(const Scale& scale, float physical) { return warp(scale.warp(), physical); }

double position(const Scale& scale, float physical) {
  return 2 * (warped(scale, physical) - scale.low) / (scale.high - scale.low) - 1;
}

std::vector<float> bounded(const std::vector<float>& curve, const Scale& scale) {
  std::vector<float> out;
  for (const float v : curve) out.push_back(scale.physical(scale.normalise(v)));
  return out;
}

Measured measure_curves(const std::vector<float>& samples, size_t first, size_t count, const std::vector<Scale>& scales,
                        const Framing& framing, int hop) {
  if (first % framing.hop || first + count > samples.size())
    fail("measure_curves: ", count, " samples from ", first, " on of ", samples.size());
  std::vector<std::string> names;
  for (const Scale& scale : scales) names.push_back(scale.descriptor);
  size_t rms = std::find(names.begin(), names.end(), "rms") - names.begin();
  if (rms == names.size()) names.push_back("rms");

  Curves curves = analyse(samples, names, framing);
  for (auto& curve : curves) {
    const auto from = curve.begin() + static_cast<std::ptrdiff_t>(first / framing.hop);
    curve =
        average({from, from + static_cast<std::ptrdiff_t>((count + framing.hop - 1) / framing.hop)}, hop / framing.hop);
  }
  Measured out{{}, active_frames(curves[rms])};
  for (size_t k = 0; k < scales.size(); ++k) {
    fill_gaps(curves[k], scales[k].physical(0));
    out.curves.push_back(std::move(curves[k]));
  }
  return out;
}

Fit compare(const std::vector<float>& asked, const std::vector<float>& measured, const std::vector<bool>& where,
            const Scale& scale) {
  if (asked.size() != measured.size() || asked.size() != where.size())
    fail("compare: ", asked.size(), " frames asked, ", measured.size(), " measured, ", where.size(), " in the mask");
  const auto perceptual = [&](float v) { return warped(scale, v); };
  const auto a = selected(asked, where, perceptual), m = selected(measured, where, perceptual);
  Fit fit{kUndefined, kUndefined, kUndefined, kUndefined, kUndefined, static_cast<int>(a.size())};
  if (fit.frames < kFewestFrames) return fit;
  const double range = scale.high - scale.low;
  fit.l1_warped = mean_difference(a, m);
  fit.l1 = 2 * fit.l1_warped / range;
  const auto plain = [](float v) { return static_cast<double>(v); };
  fit.l1_physical = mean_difference(selected(asked, where, plain), selected(measured, where, plain));
  if (deviation(a) <= kLeastDeviation * range) return fit;
  // The asked curve moves and the output does not: that is no correlation (0), not an undefined one.
  const double r = pearson(a, m);
  fit.pearson = std::isnan(r) ? 0 : r;
  fit.spearman = std::isnan(r) ? 0 : spearman(a, m);
  return fit;
}

double distance(const std::vector<float>& a, const std::vector<float>& b, const std::vector<bool>& where,
                const Scale& scale) {
  const auto place = [&](float v) { return position(scale, v); };
  const auto x = selected(a, where, place), y = selected(b, where, place);
  return static_cast<int>(x.size()) < kFewestFrames ? kUndefined : mean_difference(x, y);
}

}  // namespace nr
