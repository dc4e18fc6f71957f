#include "descriptors/scale.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {
namespace {

// Interpolates linearly between the sorted values: numpy's default.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * (double(sorted.size()) - 1);
  const size_t below = size_t(at), above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - double(below));
}

struct Level {
  double value = 0;
  int64_t count = 0;
};

// The different values and how often each occurs. Where they are fewer than `wanted`, values that never occur are added
// in the middle of the widest gaps.
std::vector<Level> different(const std::vector<double>& sorted, size_t wanted) {
  std::vector<Level> levels;
  for (const double value : sorted) {
    if (levels.empty() || value > levels.back().value) levels.push_back({value, 0});
    ++levels.back().count;
  }
  while (levels.size() < wanted) {
    size_t widest = 1;
    for (size_t i = 2; i < levels.size(); ++i)
      if (levels[i].value - levels[i - 1].value > levels[widest].value - levels[widest - 1].value) widest = i;
    levels.insert(levels.begin() + widest, {(levels[widest - 1].value + levels[widest].value) / 2, 0});
  }
  return levels;
}

// Each class takes values until it has its share of those left. It leaves at least one different value for every later
// class.
std::vector<double> class_edges(const std::vector<double>& sorted, int classes) {
  const std::vector<Level> levels = different(sorted, classes);
  std::vector<double> edges;
  int64_t left = int64_t(sorted.size());
  size_t next = 0;
  for (int wanted = classes; wanted > 1; --wanted) {
    int64_t taken = levels[next++].count;
    const double share = double(left) / wanted;
    while (levels.size() - next > size_t(wanted - 1) && double(taken) + levels[next].count / 2.0 < share)
      taken += levels[next++].count;
    left -= taken;
    edges.push_back((levels[next - 1].value + levels[next].value) / 2);
  }
  return edges;
}

}  // namespace

double warp(Warp unit, double physical) {
  switch (unit) {
    case Warp::kDecibel:
      return physical < 1e-6 ? -120 : 20 * std::log10(physical);
    case Warp::kOctave:
      return physical < 1 ? 0 : std::log2(physical);
    case Warp::kLinear:
      break;
  }
  return physical;
}

double unwarp(Warp unit, double warped) {
  switch (unit) {
    case Warp::kDecibel:
      return std::pow(10, warped / 20);
    case Warp::kOctave:
      return std::exp2(warped);
    case Warp::kLinear:
      break;
  }
  return warped;
}

Warp Scale::warp() const {
  if (measured()) return descriptors().at(descriptor).warp;
  return knob == "octave" ? Warp::kOctave : Warp::kLinear;
}

const char* Scale::unit() const { return measured() ? descriptors().at(descriptor).unit : knob_unit.c_str(); }

float Scale::normalise(float physical) const {
  const double x = 2 * (nr::warp(warp(), physical) - low) / (high - low) - 1;
  return static_cast<float>(x < -1 ? -1 : x > 1 ? 1 : x);
}

float Scale::physical(float normalised) const {
  return static_cast<float>(unwarp(warp(), low + (normalised + 1.0) / 2 * (high - low)));
}

int Scale::class_of(float physical) const {
  const double x = nr::warp(warp(), physical);
  if (std::isnan(x)) return 0;
  return int(std::upper_bound(edges.begin(), edges.end(), x) - edges.begin());
}

Scale fit_scale(const std::string& descriptor, std::vector<float> values, int classes) {
  const Warp unit = descriptors().at(descriptor).warp;
  if (classes < 2) fail("a scale of ", classes, " classes: expected at least 2");
  std::vector<double> sorted;
  for (const float value : values)
    if (std::isfinite(value)) sorted.push_back(warp(unit, value));
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty()) fail("descriptor ", descriptor, " has no value in any active frame: nothing to scale by");
  if (sorted.front() == sorted.back())
    fail("descriptor ", descriptor, " has the same value in all ", sorted.size(),
         " active frames: it cannot be a control");
  Scale scale;
  scale.descriptor = descriptor;
  scale.low = quantile(sorted, 0.01), scale.high = quantile(sorted, 0.99);
  if (!(scale.low < scale.high)) scale.low = sorted.front(), scale.high = sorted.back();  // nearly all are the same
  scale.edges = class_edges(sorted, classes);
  return scale;
}

}  // namespace nr
