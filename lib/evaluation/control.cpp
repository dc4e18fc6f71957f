#include "evaluation/control.h"

#include <cmath>
#include <functional>

#include "evaluation/statistics.h"

namespace nr {
namespace {

enum class Exchange { kOwn, kAll, kOne };
enum class Frames { kActive, kEvery };

// The trial in which control k is asked for the clip's own curve or for a donor's.
const Trial& trial_of(const Observation& o, size_t k, Exchange exchange) {
  return exchange == Exchange::kOwn ? o.own : o.trials[exchange == Exchange::kAll ? 0 : k + 1];
}

Fit fit(const Observation& o, const std::vector<Scale>& scales, size_t k, Exchange exchange, Frames frames) {
  const Trial& trial = trial_of(o, k, exchange);
  const std::vector<bool> every(trial.active.size(), true);
  return compare(trial.asked[k], trial.measured[k], frames == Frames::kActive ? trial.active : every, scales[k]);
}

// Headline and one part a control.
std::vector<Number> by_control(const std::vector<Scale>& scales, const std::string& unit,
                               const std::function<double(size_t)>& value) {
  std::vector<double> values;
  std::vector<Number> parts;
  for (size_t k = 0; k < scales.size(); ++k) {
    values.push_back(value(k));
    parts.push_back({scales[k].descriptor, values.back(), unit});
  }
  parts.insert(parts.begin(), {"", mean(finite(values)), unit});
  return parts;
}

std::vector<Number> l1(const Observation& o, const std::vector<Scale>& scales, Exchange exchange) {
  std::vector<Number> parts =
      by_control(scales, "position", [&](size_t k) { return fit(o, scales, k, exchange, Frames::kActive).l1; });
  for (size_t k = 0; k < scales.size(); ++k) {
    const Fit f = fit(o, scales, k, exchange, Frames::kActive);
    const Warp warp = scales[k].warp();
    if (warp != Warp::kLinear) {
      const std::string unit = warp == Warp::kDecibel ? "dB" : "octaves";
      parts.push_back({scales[k].descriptor + " in " + unit, f.l1_warped, unit});
    }
    const std::string unit = std::string(scales[k].unit()) == "1" ? "linear" : scales[k].unit();
    parts.push_back({scales[k].descriptor + " in " + unit, f.l1_physical, unit});
  }
  return parts;
}

std::vector<Means> means(const Observation& o, const std::vector<Scale>& scales, Exchange exchange) {
  std::vector<Means> out;
  for (size_t k = 0; k < scales.size(); ++k) {
    const Trial& trial = trial_of(o, k, exchange);
    const auto over = [&](const std::vector<float>& curve) {
      std::vector<double> heard;
      for (size_t i = 0; i < curve.size(); ++i)
        if (trial.active[i]) heard.push_back(position(scales[k], curve[i]));
      return mean(heard);
    };
    out.push_back({scales[k].descriptor, over(trial.asked[k]), over(trial.measured[k])});
  }
  return out;
}

}  // namespace

std::vector<Number> pearson_own(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kOwn, Frames::kActive).pearson; });
}
std::vector<Number> spearman_own(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kOwn, Frames::kActive).spearman; });
}
std::vector<Number> pearson_all(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kAll, Frames::kActive).pearson; });
}
std::vector<Number> spearman_all(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kAll, Frames::kActive).spearman; });
}
std::vector<Number> pearson_one(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kOne, Frames::kActive).pearson; });
}
std::vector<Number> spearman_one(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kOne, Frames::kActive).spearman; });
}
std::vector<Number> pearson_all_frames(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kAll, Frames::kEvery).pearson; });
}
std::vector<Number> pearson_one_frames(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return fit(o, scales, k, Exchange::kOne, Frames::kEvery).pearson; });
}

std::vector<Number> l1_own(const Observation& o, const std::vector<Scale>& scales) {
  return l1(o, scales, Exchange::kOwn);
}
std::vector<Number> l1_all(const Observation& o, const std::vector<Scale>& scales) {
  return l1(o, scales, Exchange::kAll);
}
std::vector<Number> l1_one(const Observation& o, const std::vector<Scale>& scales) {
  return l1(o, scales, Exchange::kOne);
}

std::vector<Number> movement(const Observation& o, const std::vector<Scale>& scales) {
  std::vector<double> asked, own, others;
  for (size_t k = 0; k < scales.size(); ++k) {
    const Trial& trial = trial_of(o, k, Exchange::kOne);
    asked.push_back(distance(o.own.asked[k], trial.asked[k], trial.active, scales[k]));
    for (size_t j = 0; j < scales.size(); ++j)
      (j == k ? own : others).push_back(distance(o.own.measured[j], trial.measured[j], trial.active, scales[j]));
  }
  const double mine = mean(finite(own)), theirs = mean(finite(others));
  return {{"", theirs > 1e-6 ? mine / theirs : kUndefined, ""},
          {"asked", mean(finite(asked)), "position"},
          {"own", mine, "position"},
          {"others", theirs, "position"}};
}

std::vector<Means> means_all(const Observation& o, const std::vector<Scale>& scales) {
  return means(o, scales, Exchange::kAll);
}
std::vector<Means> means_one(const Observation& o, const std::vector<Scale>& scales) {
  return means(o, scales, Exchange::kOne);
}

std::vector<Number> leakage(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "", [&](size_t k) { return o.probe_r2.empty() ? kUndefined : o.probe_r2[k]; });
}

std::vector<Number> class_accuracy(const Observation& o, const std::vector<Scale>& scales) {
  const auto value = [&](size_t k) { return o.probe_accuracy.empty() ? kUndefined : o.probe_accuracy[k]; };
  std::vector<Number> out = by_control(scales, "", value);
  out.push_back({"chance", o.probe_chance});
  return out;
}

std::vector<Number> distance_all(const Observation& o, const std::vector<Scale>&) {
  return {{"", o.trials[0].training_distance, "position"}};
}

std::vector<Number> distance_one(const Observation& o, const std::vector<Scale>& scales) {
  return by_control(scales, "position", [&](size_t k) { return trial_of(o, k, Exchange::kOne).training_distance; });
}

}  // namespace nr
