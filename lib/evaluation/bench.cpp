#include "evaluation/bench.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "base/log.h"
#include "evaluation/cdpam.h"
#include "evaluation/floors.h"
#include "evaluation/leakage.h"
#include "evaluation/table.h"

namespace nr {
namespace {

std::vector<std::vector<int>> donors_for(const Subject& subject, const EvaluationConfig& config) {
  const int clips = static_cast<int>(subject.clips.size());
  if (clips < 2) {
    if (!subject.trained.scales.empty())
      log_warning(subject.facts.run +
                  ": one test clip has no other to exchange controls with; control is not measured");
    return {};
  }
  // One cycle through all clips: each step along it is another donor.
  const std::vector<int> next = derangement(clips, config.seed);
  std::vector<std::vector<int>> out{next};
  while (static_cast<int>(out.size()) < std::min(config.donors, clips - 1)) {
    out.push_back(out.back());
    for (int& donor : out.back()) donor = next[donor];
  }
  return out;
}

// What a clip with one donor adds to a metric of the whole set, with its place among all.
template <class T>
using Added = std::map<std::string, std::vector<std::pair<size_t, T>>>;

// Correlations across clips of their means.
void correlate_clips(const Added<std::vector<Means>>& collected, RunResult& result) {
  for (const auto& [metric, clips] : collected) {
    const size_t controls = clips.front().second.size();
    std::vector<std::vector<double>> values;
    for (size_t k = 0; k < controls; ++k) {
      std::vector<double> asked, measured;
      for (const auto& [at, means] : clips) asked.push_back(means[k].asked), measured.push_back(means[k].measured);
      values.push_back(pearson_values(asked, measured));
    }
    for (size_t i = 0; i < clips.size(); ++i) {
      std::vector<double> of_clip;
      for (size_t k = 0; k < controls; ++k) of_clip.push_back(values[k][i]);
      result.add(clips[i].first, metric, "", "", mean(finite(of_clip)));
      for (size_t k = 0; k < controls; ++k)
        result.add(clips[i].first, metric, clips[i].second[k].part, "", values[k][i]);
    }
  }
}

void measure_sets(const Added<std::vector<double>>& additions, const std::vector<Scale>& scales, RunResult& result) {
  for (const auto& [metric, clips] : additions) {
    std::vector<std::vector<double>> added;
    for (const auto& [at, add] : clips) added.push_back(add);
    const auto values = metrics().at(metric).of_set(added, scales, result.facts.sample_rate);
    for (size_t i = 0; i < values.size(); ++i)
      for (const Number& number : values[i])
        result.add(clips[i].first, metric, number.part, number.unit, number.value);
  }
}

HeardByCdpam heard_by(const Cdpam& cdpam, const Observation& o) {
  const torch::NoGradGuard no_grad;
  const auto numbers = [](const torch::Tensor& embedding) {
    const auto found = embedding.to(torch::kDouble).contiguous();
    return std::vector<double>(found.data_ptr<double>(), found.data_ptr<double>() + found.numel());
  };
  const auto heard = [&](const std::vector<float>& x) { return cdpam.embedding(x, o.sample_rate); };
  const auto original = heard(o.original), played = heard(o.own.audio);
  HeardByCdpam out;
  out.own = cdpam.distance(original, played), out.original = numbers(original), out.played = numbers(played);
  if (o.trials.empty()) return out;
  const auto changed = heard(o.trials[0].audio);
  out.exchanged = cdpam.distance(original, changed), out.changed = numbers(changed);
  out.cycled = cdpam.distance(played, heard(o.cycled));
  return out;
}

// A row of the table while its clips are measured, each with every donor.
class Measuring {
 public:
  Measuring(const Subject& subject, const ModelFacts& facts, size_t donors)
      : scales_(subject.trained.scales), donors_(donors) {
    result_.facts = facts, result_.data = recordings_fingerprint(*subject.dataset);
    result_.clusters = subject.clusters;
  }
  // All metrics, or those that curves alone decide: these are what further donors add to.
  void add(const Observation& o, size_t donor, bool curves_only) {
    if (donor == 0) {
      result_.clips.push_back(o.clip);
      result_.seconds += static_cast<double>(o.original.size()) / o.sample_rate;
    }
    const size_t at = (result_.clips.size() - 1) * donors_ + donor;
    for (const Metric& metric : metrics().rows) {
      if (needs_controls(metric) && o.trials.empty()) continue;
      if (curves_only && metric.needs != Metric::Needs::kCurves) continue;
      if (metric.means) collected_[metric.name].emplace_back(at, metric.means(o, scales_));
      if (metric.adds) additions_[metric.name].emplace_back(at, metric.adds(o, scales_));
      if (metric.measure)
        for (const Number& number : metric.measure(o, scales_))
          result_.add(at, metric.name, number.part, number.unit, number.value);
    }
  }
  // A clip's value is its mean over the donors.
  RunResult finish(const EvaluationConfig& config) {
    correlate_clips(collected_, result_);
    measure_sets(additions_, scales_, result_);
    for (ResultRow& row : result_.rows) {
      std::vector<double> means;
      for (size_t at = 0; at < row.values.size(); at += donors_) {
        const auto from = row.values.begin() + std::ptrdiff_t(at);
        means.push_back(mean(finite({from, from + std::ptrdiff_t(std::min(donors_, row.values.size() - at))})));
      }
      row.values = means;
    }
    result_.summarise_rows(config.bootstrap, config.seed);
    return std::move(result_);
  }

 private:
  std::vector<Scale> scales_;
  size_t donors_;
  RunResult result_;
  Added<std::vector<Means>> collected_;
  Added<std::vector<double>> additions_;
};

}  // namespace

Bench load_bench(const std::filesystem::path& run, const EvaluationConfig& config) {
  Subject subject = load_subject(run, config);
  TrainingCombinations combinations(training_combinations(*subject.dataset, subject.trained), config.seed);
  std::vector<std::vector<int>> donors = donors_for(subject, config);
  return {std::move(subject), std::move(combinations), std::move(donors)};
}

Observation observe_clip(const Bench& bench, size_t clip, size_t donor, const EvaluationConfig& config) {
  const Subject& subject = bench.subject;
  const Sound sound = subject.sound(clip, config.seconds);
  if (bench.donors.empty() || subject.trained.scales.empty())
    return observe(subject.trained, sound, nullptr, bench.combinations);
  const Sound other = subject.sound(bench.donors[donor][clip], config.seconds);
  return observe(subject.trained, sound, &other, bench.combinations, donor > 0);
}

std::vector<RunResult> measure_run(const Bench& bench, const EvaluationConfig& config, bool with_floors) {
  const Subject& subject = bench.subject;
  const bool exchanges = !bench.donors.empty() && !subject.trained.scales.empty();
  const size_t times = exchanges ? bench.donors.size() : 1;
  std::vector<Measuring> rows{{subject, subject.facts, times}};
  std::vector<Floor> below;
  if (with_floors && exchanges) below = floors(subject);
  for (const Floor& floor : below) rows.emplace_back(subject, without_model(subject.facts, floor.name), times);
  std::optional<Probe> probe;
  if (exchanges) probe.emplace(subject.trained, *subject.dataset, config.seed);
  std::optional<Cdpam> cdpam;
  if (!config.cdpam.empty()) cdpam.emplace(config.cdpam);
  Progress progress("evaluate " + subject.facts.run);
  for (size_t i = 0; i < subject.clips.size(); ++i) {
    for (size_t donor = 0; donor < times; ++donor) {
      Observation o = observe_clip(bench, i, donor, config);
      if (probe && donor == 0) {
        o.probe_r2 = probe->r2(o.latent, o.source), o.probe_accuracy = probe->accuracy(o.latent, o.source);
        o.probe_chance = probe->chance(o.latent, o.source);
      }
      if (cdpam && donor == 0) o.cdpam = heard_by(*cdpam, o);
      rows[0].add(o, donor, donor > 0);
      for (size_t f = 0; f < below.size(); ++f) rows[f + 1].add(answered(o, below[f]), donor, true);
    }
    progress.update((i + 1.0) / subject.clips.size());
  }
  progress.done(std::to_string(subject.clips.size()) + " clips");
  std::vector<RunResult> out;
  for (Measuring& row : rows) out.push_back(row.finish(config));
  return out;
}

}  // namespace nr
