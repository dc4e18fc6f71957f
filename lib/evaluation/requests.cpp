#include "evaluation/requests.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/random.h"
#include "evaluation/interior.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr double kPi = 3.141592653589793;

double gesture_at(const std::string& name, double seconds, double whole) {
  if (name == "steps") return int(seconds * 4) % 2 ? 0.3 : -0.3;
  if (name == "tremolo") return 0.3 * std::sin(2 * kPi * 4 * seconds);
  return 0.8 * seconds / whole - 0.4;
}

using Curve = std::vector<double>;  // positions at the frames of a clip

// x from -1 to 1 across the clip.
Curve made(int frames, const std::function<double(double)>& value) {
  Curve out;
  for (int i = 0; i < frames; ++i) out.push_back(std::clamp(value(2.0 * i / std::max(1, frames - 1) - 1), -1.0, 1.0));
  return out;
}

Curve blend(const Curve& a, const Curve& b, double weight) {
  Curve out;
  for (size_t i = 0; i < a.size(); ++i) out.push_back(weight * a[i] + (1 - weight) * b[i]);
  return out;
}

// One of the pool: 5 basic curves, 10 sinusoids, 10 blends of these, 50 blends of the two sounds' curves.
Curve drawn(Random& random, const Curve& own, const Curve& donor) {
  const auto frames = int(own.size());
  const auto basic = [&] {
    const uint64_t which = random.below(5);
    const double value[] = {0, 1, -1}, slope = which == 3 ? 1 : -1;
    return made(frames, [&](double x) { return which < 3 ? value[which] : slope * x; });
  };
  const auto sinusoid = [&] {
    const double rate = 1 + double(random.below(29)), phase = 2 * kPi * random.normal();
    return made(frames, [&](double x) { return std::sin(x * rate + phase); });
  };
  const uint64_t which = random.below(75);
  if (which < 5) return basic();
  if (which < 15) return sinusoid();
  if (which < 25) {
    const Curve a = basic();
    return blend(a, sinusoid(), random.uniform());
  }
  return blend(own, donor, random.uniform());
}

Curve positions(const std::vector<float>& curve, const Scale& scale, int at, int frames) {
  Curve out;
  for (int i = 0; i < frames; ++i) out.push_back(scale.normalise(curve[size_t(at + i)]));
  return out;
}

}  // namespace

Trial gesture(const Trial& own, const std::string& name, size_t k, const std::vector<Scale>& scales, int at, int frames,
              double frames_per_second) {
  Trial out = own;
  out.control = int(k), out.request = name;
  std::vector<double> sounding;
  for (int i = 0; i < frames; ++i)
    if (own.active[size_t(i)]) sounding.push_back(scales[k].normalise(own.asked[k][size_t(at + i)]));
  if (sounding.empty()) return out;
  const double centre = std::clamp(median(sounding), -0.6, 0.6);
  for (int i = 0; i < frames; ++i)
    if (own.active[size_t(i)])
      out.asked[k][size_t(at + i)] =
          scales[k].physical(float(centre + gesture_at(name, i / frames_per_second, frames / frames_per_second)));
  return out;
}

Trial pooled(const Trial& own, const Trial& donor, size_t count, const std::vector<Scale>& scales, int at, int frames,
             uint64_t seed) {
  Random random(seed, count);
  std::vector<size_t> order(scales.size());
  std::iota(order.begin(), order.end(), size_t(0));
  for (size_t i = 0; i < count; ++i) std::swap(order[i], order[i + random.below(order.size() - i)]);
  Trial out = own;
  out.request = "pool", out.exchanged.assign(scales.size(), false);
  for (size_t i = 0; i < count; ++i) {
    const size_t k = order[i];
    const Curve curve = drawn(random, positions(own.asked[k], scales[k], at, frames),
                              positions(donor.asked[k], scales[k], at, frames));
    out.exchanged[k] = true;
    for (int t = 0; t < frames; ++t) out.asked[k][size_t(at + t)] = scales[k].physical(float(curve[size_t(t)]));
    if (scales[k].descriptor != "rms") continue;
    const auto first = out.asked[k].begin() + at;
    out.active = active_frames({first, first + frames});
  }
  return out;
}

std::vector<Number> gesture_spearman(const Observation& o, const std::vector<Scale>& scales) {
  std::vector<Number> parts;
  std::vector<double> all;
  for (const char* name : gestures()) {
    std::vector<double> of_gesture;
    for (const Trial& trial : o.requests) {
      if (trial.request != name) continue;
      const auto k = size_t(trial.control);
      const std::vector<bool> inside = interior(trial.active, interior_margin(o));
      const double r = compare(trial.asked[k], trial.measured[k], inside, scales[k]).spearman;
      of_gesture.push_back(r), all.push_back(r);
      parts.push_back({scales[k].descriptor + " " + name, r});
    }
    parts.push_back({name, mean(finite(of_gesture))});
  }
  parts.insert(parts.begin(), {"", mean(finite(all))});
  return parts;
}

std::vector<Number> pool_pearson(const Observation& o, const std::vector<Scale>& scales) {
  std::vector<Number> parts;
  double all = kUndefined, published = kUndefined;
  for (const Trial& trial : o.requests) {
    if (trial.request != "pool") continue;
    const std::vector<bool> every(trial.active.size(), true);
    std::vector<double> counted, over_every;
    for (size_t k = 0; k < scales.size(); ++k) {
      if (!trial.exchanged[k]) continue;
      counted.push_back(compare(trial.asked[k], trial.measured[k], trial.active, scales[k]).pearson);
      over_every.push_back(compare(trial.asked[k], trial.measured[k], every, scales[k]).pearson);
    }
    const size_t count = counted.size();
    if (count <= 4) parts.push_back({std::to_string(count), mean(finite(counted))});
    if (count == scales.size()) all = mean(finite(counted)), published = (mean(finite(over_every)) + 1) / 2;
  }
  parts.insert(parts.begin(), {"", all});
  parts.push_back({"all, (r + 1) / 2", published});
  return parts;
}

}  // namespace nr
