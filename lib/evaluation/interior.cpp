#include "evaluation/interior.h"

#include <algorithm>

#include "evaluation/statistics.h"

namespace nr {
namespace {

std::vector<double> adds(const Observation& o, const std::vector<Scale>& scales, bool all, bool other_window) {
  std::vector<double> out;
  const int margin = interior_margin(o);
  for (size_t k = 0; k < scales.size(); ++k) {
    const Trial& trial = o.trials[all ? 0 : k + 1];
    const std::vector<bool> inside = interior(trial.active, margin);
    const std::vector<float>& request = (other_window ? trial.other_asked : trial.asked)[k];
    const std::vector<float>& answer = (other_window ? trial.other_measured : trial.measured)[k];
    std::vector<double> asked, measured;
    for (size_t i = 0; i < request.size(); ++i) {
      if (!inside[i]) continue;
      asked.push_back(warped(scales[k], request[i]));
      measured.push_back(warped(scales[k], answer[i]));
    }
    const auto sounding = std::count(trial.active.begin(), trial.active.end(), true);
    out.push_back(double(asked.size())), out.push_back(double(sounding));
    out.insert(out.end(), asked.begin(), asked.end());
    out.insert(out.end(), measured.begin(), measured.end());
  }
  return out;
}

// One control's frames of all clips.
struct Pool {
  std::vector<size_t> frames, sounding;   // of each clip
  std::vector<double> asked, measured;    // minus the clip's mean
  std::vector<double> difference;         // of each clip's means, measured - asked; NaN without frames
};

std::vector<Pool> pools_of(const std::vector<std::vector<double>>& clips, size_t controls) {
  std::vector<Pool> out(controls);
  for (const auto& clip : clips) {
    size_t at = 0;
    for (Pool& pool : out) {
      const auto n = size_t(clip[at]);
      pool.frames.push_back(n), pool.sounding.push_back(size_t(clip[at + 1]));
      at += 2;
      double means[2];
      for (const int side : {0, 1}) {
        const std::vector<double> curve(clip.begin() + std::ptrdiff_t(at), clip.begin() + std::ptrdiff_t(at + n));
        means[side] = mean(curve);
        for (const double v : curve) (side ? pool.measured : pool.asked).push_back(v - means[side]);
        at += n;
      }
      pool.difference.push_back(means[1] - means[0]);
    }
  }
  return out;
}

// Sums of the frames' values in each clip, so scaled that the mean over the clips with frames is that over all frames.
std::vector<double> by_clip(const Pool& pool, const std::vector<double>& values) {
  const auto with_frames = double(pool.frames.size() - size_t(std::count(pool.frames.begin(), pool.frames.end(), 0u)));
  std::vector<double> out;
  size_t at = 0;
  for (const size_t n : pool.frames) {
    double sum = 0;
    for (size_t i = 0; i < n; ++i) sum += values[at++];
    out.push_back(n ? sum * with_frames / double(values.size()) : kUndefined);
  }
  return out;
}

using PerControl = std::vector<std::vector<double>>;  // [control][clip]

// Headline and parts of each clip; `more` adds parts of a control.
template <class More>
std::vector<std::vector<Number>> numbers(const std::vector<Scale>& scales, const std::vector<Pool>& pools,
                                         const PerControl& values, const More& more) {
  std::vector<std::vector<Number>> out;
  for (size_t clip = 0; clip < pools[0].frames.size(); ++clip) {
    std::vector<double> defined;
    for (const auto& of_clips : values) defined.push_back(of_clips[clip]);
    out.push_back({{"", mean(finite(defined))}});
    for (size_t k = 0; k < scales.size(); ++k) {
      out.back().push_back({scales[k].descriptor, values[k][clip]});
      more(out.back(), k, clip);
    }
  }
  return out;
}

// pearson_values. Where the request moves and the answer does not: 0, as there is no obedience.
std::vector<double> obeyed(const std::vector<double>& asked, const std::vector<double>& measured) {
  std::vector<double> out = pearson_values(asked, measured);
  if (finite(out).empty() && deviation(asked) > 0) out.assign(asked.size(), 0);
  return out;
}

template <class Correlation>
std::vector<std::vector<Number>> correlate(const std::vector<std::vector<double>>& clips,
                                           const std::vector<Scale>& scales, const Correlation& values_of) {
  const std::vector<Pool> pools = pools_of(clips, scales.size());
  PerControl values;
  for (const Pool& pool : pools) values.push_back(by_clip(pool, values_of(pool)));
  return numbers(scales, pools, values, [&](std::vector<Number>& out, size_t k, size_t clip) {
    const double n = double(pools[k].frames[clip]), sounding = double(pools[k].sounding[clip]);
    out.push_back({scales[k].descriptor + " frames", n, "frames"});
    out.push_back({scales[k].descriptor + " left out", sounding > 0 ? 1 - n / sounding : kUndefined});
  });
}

}  // namespace

std::vector<bool> interior(const std::vector<bool>& active, int margin) {
  std::vector<bool> out(active.size());
  int run = 0;  // active frames up to and with this one
  for (size_t i = 0; i < active.size(); ++i) {
    run = active[i] ? run + 1 : 0;
    if (run > 2 * margin) out[i - size_t(margin)] = true;
  }
  return out;
}

int interior_margin(const Observation& o) { return (o.window / 2 + o.hop - 1) / o.hop; }

std::vector<double> interior_all_adds(const Observation& o, const std::vector<Scale>& scales) {
  return adds(o, scales, true, false);
}
std::vector<double> interior_one_adds(const Observation& o, const std::vector<Scale>& scales) {
  return adds(o, scales, false, false);
}
std::vector<double> other_window_all_adds(const Observation& o, const std::vector<Scale>& scales) {
  return adds(o, scales, true, true);
}
std::vector<double> other_window_one_adds(const Observation& o, const std::vector<Scale>& scales) {
  return adds(o, scales, false, true);
}

std::vector<std::vector<Number>> interior_pearson(const std::vector<std::vector<double>>& clips,
                                                  const std::vector<Scale>& scales, int) {
  return correlate(clips, scales, [](const Pool& pool) { return obeyed(pool.asked, pool.measured); });
}

std::vector<std::vector<Number>> interior_spearman(const std::vector<std::vector<double>>& clips,
                                                   const std::vector<Scale>& scales, int) {
  return correlate(clips, scales,
                   [](const Pool& pool) { return obeyed(ranks(pool.asked), ranks(pool.measured)); });
}

std::vector<std::vector<Number>> interior_slope(const std::vector<std::vector<double>>& clips,
                                                const std::vector<Scale>& scales, int) {
  const std::vector<Pool> pools = pools_of(clips, scales.size());
  PerControl values;
  for (const Pool& pool : pools) {
    double aa = 0, am = 0;
    for (size_t i = 0; i < pool.asked.size(); ++i)
      aa += pool.asked[i] * pool.asked[i], am += pool.asked[i] * pool.measured[i];
    const double slope = aa > 0 ? am / aa : kUndefined;
    std::vector<double> of_frames;
    for (size_t i = 0; i < pool.asked.size(); ++i)
      of_frames.push_back(slope + double(pool.asked.size()) * pool.asked[i] *
                                      (pool.measured[i] - slope * pool.asked[i]) / aa);
    values.push_back(by_clip(pool, of_frames));
  }
  return numbers(scales, pools, values, [&](std::vector<Number>& out, size_t k, size_t clip) {
    const double range = double(scales[k].high) - double(scales[k].low);
    out.push_back({scales[k].descriptor + " offset", 2 * pools[k].difference[clip] / range, "position"});
  });
}

}  // namespace nr
