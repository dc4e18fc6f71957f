#include "evaluation/evaluate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/files.h"
#include "base/log.h"
#include "evaluation/effects.h"
#include "evaluation/floors.h"
#include "evaluation/leakage.h"
#include "evaluation/notes.h"
#include "evaluation/page.h"
#include "evaluation/played.h"
#include "evaluation/prior.h"
#include "evaluation/subject.h"
#include "evaluation/synthesizer.h"
#include "evaluation/table.h"
#include "evaluation/vocoders.h"
#include "nn/prior.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

// donors[i]: the clip whose control curves clip i gets. Empty when there is only one clip.
std::vector<int> donors_for(const Subject& subject, const EvaluationConfig& config) {
  if (subject.clips.size() >= 2) return derangement(static_cast<int>(subject.clips.size()), config.seed);
  if (!subject.trained.scales.empty())
    log_warning(subject.facts.run +
                ": one test clip has no other to exchange controls with; control is not measured");
  return {};
}

Observation observe_clip(const Subject& subject, size_t i, const std::vector<int>& donors,
                         const TrainingCombinations& combinations, const EvaluationConfig& config) {
  const Sound sound = subject.sound(i, config.seconds);
  if (donors.empty() || subject.trained.scales.empty()) return observe(subject.trained, sound, nullptr, combinations);
  const Sound donor = subject.sound(donors[i], config.seconds);
  return observe(subject.trained, sound, &donor, combinations);
}

// Adds the metrics that need all clips: correlations of their means.
void correlate_clips(const std::map<std::string, std::vector<std::vector<Means>>>& collected, RunResult& result) {
  for (const auto& [metric, clips] : collected) {
    const size_t controls = clips.front().size();
    std::vector<std::vector<double>> values;
    for (size_t k = 0; k < controls; ++k) {
      std::vector<double> asked, measured;
      for (const auto& clip : clips) asked.push_back(clip[k].asked), measured.push_back(clip[k].measured);
      values.push_back(pearson_values(asked, measured));
    }
    for (size_t i = 0; i < clips.size(); ++i) {
      std::vector<double> defined;
      for (size_t k = 0; k < controls; ++k)
        if (!std::isnan(values[k][i])) defined.push_back(values[k][i]);
      result.add(i, metric, "", "", mean(defined));
      for (size_t k = 0; k < controls; ++k) result.add(i, metric, clips[i][k].part, "", values[k][i]);
    }
  }
}

// What the clips add to a metric of the whole set.
using Additions = std::map<std::string, std::vector<std::vector<double>>>;

void measure_sets(const Additions& additions, const std::vector<Scale>& scales, RunResult& result) {
  for (const auto& [metric, clips] : additions) {
    const auto values = metrics().at(metric).of_set(clips, scales, result.facts.sample_rate);
    for (size_t i = 0; i < values.size(); ++i)
      for (const Number& number : values[i]) result.add(i, metric, number.part, number.unit, number.value);
  }
}

// A row of the table while its clips are measured.
class Measuring {
 public:
  Measuring(const Subject& subject, const ModelFacts& facts) : scales_(subject.trained.scales) {
    result_.facts = facts, result_.data = recordings_fingerprint(*subject.dataset);
  }
  // All metrics, or those that curves alone decide.
  void add(const Observation& o, bool curves_only) {
    const size_t i = result_.clips.size();
    result_.clips.push_back(o.clip);
    result_.seconds += static_cast<double>(o.original.size()) / o.sample_rate;
    for (const Metric& metric : metrics().rows) {
      if (metric.needs_controls && o.trials.empty()) continue;
      if (curves_only && !of_curves(metric)) continue;
      if (metric.means) collected_[metric.name].push_back(metric.means(o, scales_));
      if (metric.adds) additions_[metric.name].push_back(metric.adds(o, scales_));
      if (metric.measure)
        for (const Number& number : metric.measure(o, scales_))
          result_.add(i, metric.name, number.part, number.unit, number.value);
    }
  }
  RunResult finish(const EvaluationConfig& config) {
    correlate_clips(collected_, result_);
    measure_sets(additions_, scales_, result_);
    result_.summarise_rows(config.bootstrap, config.seed);
    return std::move(result_);
  }

 private:
  std::vector<Scale> scales_;
  RunResult result_;
  std::map<std::string, std::vector<std::vector<Means>>> collected_;
  Additions additions_;
};

// The run's row and, where they are wanted and there are controls, the floors' behind it.
std::vector<RunResult> measure_run(const Subject& subject, const TrainingCombinations& combinations,
                                   const std::vector<int>& donors, const EvaluationConfig& config, bool with_floors) {
  const bool exchanges = !donors.empty() && !subject.trained.scales.empty();
  std::vector<Measuring> rows{{subject, subject.facts}};
  std::vector<Floor> below;
  if (with_floors && exchanges) below = floors(subject);
  for (const Floor& floor : below) rows.emplace_back(subject, without_model(subject.facts, floor.name));
  std::optional<Probe> probe;
  if (exchanges) probe.emplace(subject.trained, *subject.dataset, config.seed);
  Progress progress("evaluate " + subject.facts.run);
  for (size_t i = 0; i < subject.clips.size(); ++i) {
    Observation o = observe_clip(subject, i, donors, combinations, config);
    if (probe) o.probe_r2 = probe->r2(o.latent, o.source);
    rows[0].add(o, false);
    for (size_t f = 0; f < below.size(); ++f) rows[f + 1].add(answered(o, below[f]), true);
    progress.update((i + 1.0) / subject.clips.size());
  }
  progress.done(std::to_string(subject.clips.size()) + " clips");
  std::vector<RunResult> out;
  for (Measuring& row : rows) out.push_back(row.finish(config));
  return out;
}

// Clips at even ranks of the first run's distance, so that examples are neither the best nor the worst.
std::vector<size_t> example_clips(const RunResult& result, int wanted) {
  const std::vector<double>& distance = result.find("multi_scale_stft")->values;
  std::vector<size_t> order;
  for (size_t i = 0; i < distance.size(); ++i)
    if (std::isfinite(distance[i])) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return distance[a] < distance[b]; });
  std::vector<size_t> out;
  const size_t count = std::min<size_t>(wanted, order.size());
  for (size_t e = 0; e < count; ++e) out.push_back(order[(2 * e + 1) * order.size() / (2 * count)]);
  return out;
}

struct Bench {  // a run and what its evaluation needs
  Subject subject;
  TrainingCombinations combinations;
  std::vector<int> donors;
};

// Runs of the same name get the name of the folder above in front.
void tell_apart(std::vector<Bench>& benches) {
  std::vector<std::string> names;
  for (const Bench& b : benches) names.push_back(b.subject.facts.run);
  for (Bench& b : benches)
    if (std::count(names.begin(), names.end(), b.subject.facts.run) > 1)
      b.subject.facts.run = (b.subject.folder.parent_path().filename() / b.subject.facts.run).string();
}

// Of the runs that are paired with the first.
Example make_example(const std::vector<Bench>& benches, const std::vector<RunResult>& results, size_t clip, bool sweeps,
                     const EvaluationConfig& config) {
  const std::vector<double>& distance = results[0].find("multi_scale_stft")->values;
  Example out;
  out.rank = std::count_if(distance.begin(), distance.end(), [&](double d) { return d < distance[clip]; }) /
             double(distance.size());
  for (size_t run = 0; run < benches.size(); ++run) {
    if (!paired(results[0], results[run])) continue;
    const Bench& b = benches[run];
    Heard heard{b.subject.facts.run,
                b.subject.trained.scales,
                b.subject.facts.hop,
                observe_clip(b.subject, clip, b.donors, b.combinations, config),
                {},
                {}};
    out.clip = heard.observation.clip;
    if (!heard.observation.trials.empty() && out.donor_samples.empty()) {
      const Sound donor = b.subject.sound(b.donors[clip], config.seconds);
      out.donor = donor.name, out.donor_samples = donor.samples;
    }
    if (sweeps) {
      const Sound sound = b.subject.sound(clip, config.seconds);
      heard.sweeps = sweep(b.subject.trained, sound, b.combinations);
      heard.played = play_notes(b.subject.trained, sound, config.midi, config.voice);
    }
    out.runs.push_back(std::move(heard));
  }
  return out;
}

void write_results(const std::vector<RunResult>& results, const EvaluationConfig& config, const fs::path& folder) {
  make_folder(folder);
  write_file(folder / "results.json", to_json(results, config));
  write_file(folder / "table.md", to_markdown(results, config));
  for (const RunResult& result : results)
    for (const Metric& metric : metrics().rows)
      if (const ResultRow* row = result.find(metric.name))
        log_info(result.facts.run + ": " + metric.title + " " + number_text(row->summary.mean) + " " +
                 interval_text(row->summary) + ", " + std::to_string(row->summary.clips) + " clips");
  for (const RunResult& result : results)
    if (!paired(results[0], result)) log_warning(unpaired_text(results[0], result));
  log_info("wrote " + (folder / "table.md").string() + " and results.json");
}

// Numbers only: a prior reconstructs nothing that could be compared by ear.
std::vector<RunResult> evaluate_priors(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                       const fs::path& out) {
  std::vector<RunResult> results;
  for (const fs::path& run : runs) {
    if (!is_prior(run)) fail(run.string(), ": is no prior, but ", runs[0].string(), " is one; evaluate them apart");
    results.push_back(measure_prior(run, config));
  }
  write_results(results, config, out.empty() ? run_folder(runs[0]) / "evaluation" : out);
  return results;
}

}  // namespace

std::vector<RunResult> evaluate(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                const fs::path& out) {
  if (runs.empty()) fail("evaluate: expected at least one run");
  if (is_prior(runs[0])) return evaluate_priors(runs, config, out);
  if (is_synthesizer(runs[0])) return evaluate_synthesizers(runs, config, out);
  if (is_wae(runs[0])) return evaluate_notes(runs, config, out);
  if (is_effects(runs[0])) return evaluate_effects(runs, config, out);
  if (is_vocoder(runs[0])) return evaluate_vocoders(runs, config, out);
  std::vector<Bench> benches;
  for (const fs::path& run : runs) {
    Subject subject = load_subject(run, config);
    TrainingCombinations combinations(training_combinations(*subject.dataset, subject.trained), config.seed);
    std::vector<int> donors = donors_for(subject, config);
    benches.push_back({std::move(subject), std::move(combinations), std::move(donors)});
  }
  tell_apart(benches);
  std::vector<RunResult> results, below;
  std::vector<TrainingCurves> training;
  for (const Bench& b : benches) {  // the floors are those of the first run with controls
    std::vector<RunResult> rows = measure_run(b.subject, b.combinations, b.donors, config, below.empty());
    results.push_back(std::move(rows[0]));
    if (below.empty()) below.assign(rows.begin() + 1, rows.end());
    training.push_back({b.subject.facts.run, read_journal(b.subject.folder / "journal.jsonl")});
  }
  const std::vector<size_t> heard = example_clips(results[0], config.examples);
  const auto length = [&](size_t clip) {
    return benches[0].subject.dataset->clips()[benches[0].subject.clips[clip]].samples;
  };
  const auto longest =
      std::max_element(heard.begin(), heard.end(), [&](size_t a, size_t b) { return length(a) < length(b); });
  std::vector<Example> examples;
  for (const size_t clip : heard) examples.push_back(make_example(benches, results, clip, clip == *longest, config));

  const fs::path folder = out.empty() ? benches[0].subject.folder / "evaluation" : out;
  results.insert(results.end(), below.begin(), below.end());
  write_results(results, config, folder);
  write_file(folder / "report.html", to_page(results, examples, training, config));
  log_info("wrote " + (folder / "report.html").string());
  return results;
}

}  // namespace nr
