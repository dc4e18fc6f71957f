#include "evaluation/evaluate.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/names.h"
#include "evaluation/bench.h"
#include "evaluation/effects.h"
#include "evaluation/knobs.h"
#include "evaluation/latent_map.h"
#include "evaluation/listening.h"
#include "evaluation/measured.h"
#include "evaluation/notes.h"
#include "evaluation/page.h"
#include "evaluation/played.h"
#include "evaluation/prior.h"
#include "evaluation/synthesizer.h"
#include "evaluation/table.h"
#include "evaluation/vocoders.h"
#include "nn/prior.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

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
    HeardModel heard{b.subject.facts.run, b.subject.trained.scales, b.subject.facts.hop,
                     observe_clip(b, clip, 0, config), {}, {}};
    out.clip = heard.observation.clip;
    if (!heard.observation.trials.empty() && out.donor_samples.empty()) {
      const Sound donor = b.subject.sound(b.donors[0][clip], config.seconds);
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

void offer_listening_test(const std::vector<Bench>& benches, const std::vector<RunResult>& results,
                          const EvaluationConfig& config, const fs::path& folder) {
  if (benches.size() < 2 || !paired(results[0], results[1]))
    fail("--listening: needs two runs that are evaluated on the same recordings");
  std::vector<ListeningPair> pairs;
  const size_t clips = results[0].clips.size(), wanted = std::min<size_t>(clips, size_t(config.listening));
  for (size_t i = 0; i < wanted; ++i) {
    const size_t clip = (2 * i + 1) * clips / (2 * wanted);
    Observation first = observe_clip(benches[0], clip, 0, config), second = observe_clip(benches[1], clip, 0, config);
    pairs.push_back({first.clip, first.sample_rate, std::move(first.original), std::move(first.own.audio),
                     std::move(second.own.audio)});
  }
  write_listening_test(pairs, {results[0].facts.run, results[1].facts.run}, uint64_t(config.seed), folder);
  log_info("wrote " + (folder / "listening.html").string() + ", and listening.json, which a listener must not see");
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

// Floors belong to controls and to recordings. With them: the first run that they are of.
using FloorsOf = std::pair<std::vector<std::string>, std::string>;
using Below = std::map<FloorsOf, std::pair<std::string, std::vector<RunResult>>>;

// Where there are several sets of controls or of recordings, a floor's name says whose it is.
void add_floors(Below& below, std::vector<RunResult>& results) {
  std::set<std::vector<std::string>> controls;
  std::set<std::string> recordings;
  for (const auto& [of, floors] : below) controls.insert(of.first), recordings.insert(of.second);
  for (auto& [of, floors] : below)
    for (RunResult& row : floors.second) {
      if (controls.size() > 1) row.facts.run += ", " + join(of.first);
      if (recordings.size() > 1) row.facts.run += ", clips of " + floors.first;
      results.push_back(std::move(row));
    }
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

std::vector<RunResult> evaluate_runs(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                     const fs::path& out, std::vector<std::string>* failed) {
  if (is_prior(runs[0])) return evaluate_priors(runs, config, out);
  if (is_synthesizer(runs[0])) return evaluate_synthesizers(runs, config, out);
  if (is_wae(runs[0])) return evaluate_notes(runs, config, out);
  if (is_effects(runs[0])) return evaluate_effects(runs, config, out);
  if (is_vocoder(runs[0])) return evaluate_vocoders(runs, config, out);
  if (has_knobs(runs[0])) return evaluate_knobs(runs, config, out);
  // False where it failed and others may go on.
  const auto attempt = [&](const auto& part) {
    try {
      part();
      return true;
    } catch (const Error& error) {
      if (!failed) throw;
      log_error(error.what());
      failed->push_back(error.what());
      return false;
    }
  };
  std::vector<fs::path> from;  // of `loaded`
  std::vector<Bench> loaded, benches;
  for (const fs::path& run : runs)
    attempt([&] { loaded.push_back(load_bench(run, config)), from.push_back(run); });
  tell_apart(loaded);
  std::vector<RunResult> results;
  Below below;
  std::vector<TrainingCurves> training;
  for (size_t i = 0; i < loaded.size(); ++i) {
    Bench& b = loaded[i];
    std::vector<RunResult> rows;
    const FloorsOf floors_of{b.subject.facts.controls, recordings_fingerprint(*b.subject.dataset)};
    if (!attempt([&] { rows = measure_or_read(from[i], b, config, !below.count(floors_of)); })) continue;
    results.push_back(std::move(rows[0]));
    if (rows.size() > 1) below[floors_of] = {b.subject.facts.run, {rows.begin() + 1, rows.end()}};
    training.push_back({b.subject.facts.run, read_journal(b.subject.folder / "journal.jsonl")});
    benches.push_back(std::move(b));
  }
  if (benches.empty()) return {};
  const std::vector<size_t> heard = example_clips(results[0], config.examples);
  const auto length = [&](size_t clip) {
    return benches[0].subject.dataset->clips()[benches[0].subject.clips[clip]].samples;
  };
  const auto longest =
      std::max_element(heard.begin(), heard.end(), [&](size_t a, size_t b) { return length(a) < length(b); });
  std::vector<Example> examples;
  for (const size_t clip : heard) examples.push_back(make_example(benches, results, clip, clip == *longest, config));

  const fs::path folder = out.empty() ? benches[0].subject.folder / "evaluation" : out;
  add_floors(below, results);
  write_results(results, config, folder);
  write_file(folder / "report.html", to_page(results, examples, training, latent_map(benches, config), config));
  log_info("wrote " + (folder / "report.html").string());
  if (config.listening > 0) offer_listening_test(benches, results, config, folder);
  return results;
}

}  // namespace

std::vector<RunResult> evaluate(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                const fs::path& out, std::vector<std::string>* failed) {
  if (runs.empty()) fail("evaluate: expected at least one run");
  std::vector<RunResult> results = evaluate_runs(runs, config, out, failed);
  for (const fs::path& run : runs) record_test_read(run_folder(run), config);
  return results;
}

}  // namespace nr
