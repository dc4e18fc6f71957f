#include "evaluation/synthesizer.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/files.h"
#include "base/log.h"
#include "base/parallel.h"
#include "evaluation/synthesizer_rows.h"
#include "evaluation/test_clips.h"
#include "nn/device.h"
#include "nn/floats.h"
#include "synth/similarity.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

// |M - N| / |M| of the decoder's spectrogram.
double reconstruction_distance(const SynthesizerSubject& s, const SynthesizerRow& row, const torch::Tensor& target,
                               size_t clip) {
  const auto wanted = s.system->power(target[int64_t(clip)]), made = row.reconstructed[int64_t(clip)];
  return ((wanted - made).norm() / wanted.norm().clamp_min(1e-12)).item<double>();
}

// Error of the positions: of all, over the test split's mean square (MSE_n), and of each parameter.
void add_parameter_errors(const SynthesizerSubject& s, const SynthesizerRow& row, const torch::Tensor& target,
                          RunResult& result) {
  const double scale = target.square().nanmean().item<double>();
  // Of a training preset too, what cannot be heard is not known and does not count.
  const auto error = row.positions - target;
  for (size_t i = 0; i < size_t(target.size(0)); ++i) {
    const auto mine = error[int64_t(i)];
    result.add(i, "parameter_mse_n", "", "", mine.square().nanmean().item<double>() / scale);
    result.add(i, "parameter_l1", "", "position", mine.abs().nanmean().item<double>());
    for (size_t p = 0; p < s.system->space().columns().size(); ++p)
      result.add(i, "parameter_l1", s.system->space().columns()[p].name, "position",
                 std::abs(mine[int64_t(p)].item<double>()));
  }
}

struct MeasuredRow {
  RunResult result;
  std::vector<std::vector<float>> sounds;  // of each clip
};

MeasuredRow measure(const SynthesizerSubject& s, const SynthesizerRow& row, const Resynthesis& synth,
                    const TestSounds& sounds) {
  const std::vector<std::vector<float>>& originals = sounds.samples;
  MeasuredRow out;
  out.result.facts = row.facts, out.result.clips = sounds.names, out.result.data = sounds.data;
  if (!sounds.recorded) out.result.clusters = s.clusters;
  const std::vector<Rendering> rendered = synth.play(presets_of(s, row.positions, synth), row.seed);
  std::vector<SoundDistances> distances(rendered.size());
  parallel_for(rendered.size(), [&](size_t i) {
    if (rendered[i].problem.empty())
      distances[i] = compare_sounds(originals[i], rendered[i].samples, synth.sample_rate());
  });
  if (!sounds.recorded) add_parameter_errors(s, row, sounds.positions, out.result);
  const auto seen = row.reconstructed.defined() ? spectrograms(s, originals) : torch::Tensor();
  for (size_t i = 0; i < rendered.size(); ++i) {
    if (!rendered[i].problem.empty()) {
      log_warning(row.facts.run + ": " + sounds.names[i] + ": the preset inferred " + rendered[i].problem);
      const double none = std::numeric_limits<double>::quiet_NaN();
      distances[i] = {none, none, none, none, none, none, none};
    }
    const SoundDistances& d = distances[i];
    for (const auto& [metric, value, unit] :
         {std::tuple{"resynthesis_sc", d.sc, ""}, {"resynthesis_mse", d.mse, ""}, {"resynthesis_lm", d.lm, ""},
          {"resynthesis_mss", d.mss, "dB"}, {"resynthesis_wmfcc", d.wmfcc, ""}, {"resynthesis_sot", d.sot, ""},
          {"resynthesis_rms", d.rms, ""}}) {
      out.result.add(i, metric, "", unit, value);
      if (!sounds.sources.empty()) out.result.add(i, metric, sounds.sources[i], unit, value);
    }
    if (seen.defined())
      out.result.add(i, "reconstruction_sc", "", "", reconstruction_distance(s, row, seen, i));
    out.result.seconds += double(originals[i].size()) / synth.sample_rate();
    out.sounds.push_back(rendered[i].samples);
  }
  return out;
}

// Clips at even ranks of the first row's MSS.
std::vector<size_t> heard_clips(const RunResult& result, int wanted) {
  const std::vector<double>& distance = result.find("resynthesis_mss")->values;
  std::vector<size_t> order(distance.size()), out;
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return distance[a] < distance[b]; });
  const size_t count = std::min(size_t(wanted), order.size());
  for (size_t e = 0; e < count; ++e) out.push_back(order[(2 * e + 1) * order.size() / (2 * count)]);
  return out;
}

}  // namespace

bool is_synthesizer(const fs::path& run) {
  return std::holds_alternative<SynthesizerConfig>(run_config_of(read_checkpoint(find_checkpoint(run))).model);
}

std::vector<RunResult> evaluate_synthesizers(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                             const fs::path& out) {
  const torch::NoGradGuard no_grad;
  choose_device("cpu");
  std::vector<SynthesizerSubject> subjects;
  for (const fs::path& run : runs) {
    if (!is_synthesizer(run)) fail(run.string(), ": infers no parameters, but ", runs[0].string(), " does");
    subjects.push_back(load_synthesizer_subject(run, config));
    const auto& columns = subjects.back().config.data.parameters;
    if (subjects.back().names != subjects[0].names || columns != subjects[0].config.data.parameters)
      fail(run.string(), ": was trained on another set than ", runs[0].string(), ": evaluate them apart");
  }
  const SynthesizerSubject& first = subjects[0];
  const Resynthesis synth(first.config.data, std::get<SynthesizerConfig>(first.config.model).synth);
  if (synth.sample_rate() != first.config.data.sample_rate)
    fail("data.sample_rate: ", first.config.data.sample_rate, " Hz, but the set was rendered at ", synth.sample_rate());
  const TestSounds sounds = test_sounds(first, config, synth);

  std::vector<std::pair<const SynthesizerSubject*, SynthesizerRow>> rows;
  for (const SynthesizerSubject& s : subjects) {
    rows.emplace_back(&s, row_of_model(s, sounds, config));
    if (s.system->draws() && config.candidates > 1)
      rows.emplace_back(&s, best_of_draws(s, sounds, config, synth));
    if (config.renders > 0) rows.emplace_back(&s, searched(s, sounds, config, synth));
  }
  for (SynthesizerRow& row : rows_without_model(first, sounds, config)) rows.emplace_back(&first, std::move(row));
  Progress progress("evaluate " + first.facts.run);
  std::vector<RunResult> results;
  std::vector<std::vector<std::vector<float>>> made;
  for (const auto& [subject, row] : rows) {
    MeasuredRow measured = measure(*subject, row, synth, sounds);
    measured.result.summarise_rows(config.bootstrap, uint64_t(config.seed));
    results.push_back(std::move(measured.result)), made.push_back(std::move(measured.sounds));
    progress.update(double(results.size()) / double(rows.size()), row.facts.run);
  }
  progress.done(text(sounds.names.size(), " clips, ", rows.size(), " rows"));

  std::vector<SynthesizerExample> examples;
  for (const size_t clip : heard_clips(results[0], config.examples)) {
    SynthesizerExample example{
        sounds.names[clip], sounds.samples[clip], floats_of(sounds.positions[int64_t(clip)]), {}};
    for (size_t r = 0; r < rows.size(); ++r)
      example.rows.push_back({results[r].facts.run, floats_of(rows[r].second.positions[int64_t(clip)]), made[r][clip]});
    examples.push_back(std::move(example));
  }
  std::vector<fs::path> folders;
  std::vector<std::pair<std::string, LatentStudy>> latents;
  bool heard = false;  // of one run only: the page holds every sound
  for (const SynthesizerSubject& s : subjects) {
    folders.push_back(s.folder);
    if (sounds.recorded) continue;  // what the latent is does not depend on them
    LatentStudy study = latent_study(s, synth, config.seed, heard ? 0 : config.examples);
    heard = heard || !study.heard.empty();
    if (!study.dimensions.empty()) latents.emplace_back(s.facts.run, std::move(study));
  }
  const fs::path folder = out.empty() ? first.folder / "evaluation" : out;
  make_folder(folder);
  write_file(folder / "results.json", to_json(results, config));
  write_file(folder / "table.md", deviations_table(results, config) + sources_table(results) + latent_table(latents) +
                                      to_markdown(results, config));
  write_file(folder / "report.html",
             synthesizer_page(results, examples, latents, first.system->space().columns(), folders, config));
  log_info("wrote " + (folder / "table.md").string() + ", results.json and report.html");
  return results;
}

}  // namespace nr
