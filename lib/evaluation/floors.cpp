#include "evaluation/floors.h"

#include <algorithm>

namespace nr {
namespace {

using Curve = std::vector<float>;

Curve edges_only(const Trial& trial, size_t k) {
  Curve out = trial.asked[k];
  double sum = 0, sounding = 0;
  for (size_t i = 0; i < out.size(); ++i)
    if (trial.active[i]) sum += out[i], sounding += 1;
  for (size_t from = 0, to; from < out.size(); from = to) {
    for (to = from; to < out.size() && trial.active[to] == trial.active[from];) ++to;
    if (!trial.active[from] || to - from < 3) continue;
    std::fill(out.begin() + std::ptrdiff_t(from) + 1, out.begin() + std::ptrdiff_t(to) - 1, float(sum / sounding));
  }
  return out;
}

Curve late(const Curve& asked) {
  Curve out = asked;
  std::copy_backward(asked.begin(), asked.end() - 1, out.end());
  return out;
}

// Of every control: the mean over the training clips of each frame since the clip's start in which they sound.
Curves average_curves(const Subject& subject) {
  const std::vector<Scale>& scales = subject.trained.scales;
  std::vector<std::vector<double>> sums(scales.size()), counts(scales.size());
  for (const int clip : subject.dataset->split(Split::kTrain)) {
    const Measured measured = latent_curves(*subject.dataset, subject.trained, clip);
    for (size_t k = 0; k < scales.size(); ++k) {
      sums[k].resize(std::max(sums[k].size(), measured.active.size())), counts[k].resize(sums[k].size());
      for (size_t i = 0; i < measured.active.size(); ++i)
        if (measured.active[i]) sums[k][i] += scales[k].normalise(measured.curves[k][i]), counts[k][i] += 1;
    }
  }
  Curves out;
  for (size_t k = 0; k < sums.size(); ++k) {
    out.emplace_back();
    double last = 0;
    for (size_t i = 0; i < sums[k].size(); ++i) {
      if (counts[k][i] > 0) last = sums[k][i] / counts[k][i];
      out.back().push_back(scales[k].physical(float(last)));
    }
  }
  return out;
}

}  // namespace

std::vector<Floor> floors(const Subject& subject) {
  const Curves means = average_curves(subject);
  return {{"floor: deaf", [](const Observation& o, const Trial&, size_t k) { return o.source.curves[k]; }},
          {"floor: average curve",
           [means](const Observation&, const Trial& trial, size_t k) {
             Curve out = means[k];
             out.resize(trial.asked[k].size(), out.empty() ? 0.f : out.back());
             return out;
           }},
          {"floor: edges only",
           [](const Observation&, const Trial& trial, size_t k) { return edges_only(trial, k); }},
          {"ceiling: a frame late",
           [](const Observation&, const Trial& trial, size_t k) { return late(trial.asked[k]); }}};
}

Observation answered(Observation o, const Floor& floor) {
  Observation other;  // what an answer sees of it at the other window
  other.hop = o.hop, other.window = o.window, other.source = o.other_window;
  const auto answer = [&](Trial& trial) {
    Curves measured;
    for (size_t k = 0; k < trial.asked.size(); ++k) measured.push_back(floor.answer(o, trial, k));
    trial.measured = std::move(measured);
    if (trial.other_asked.empty()) return;
    const Trial as{trial.control, trial.other_asked, {}, trial.active, 0, {}};
    for (size_t k = 0; k < trial.other_asked.size(); ++k)
      trial.other_measured[k] =
          trial.other_asked[k].empty() ? std::vector<float>() : floor.answer(other, as, k);
  };
  answer(o.own);
  for (std::vector<Trial>* trials : {&o.trials, &o.requests})
    for (Trial& trial : *trials) answer(trial);
  return o;
}

}  // namespace nr
