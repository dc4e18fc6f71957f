#include "evaluation/notes.h"

#include <torch/torch.h>

#include <algorithm>

#include "base/files.h"
#include "base/log.h"
#include "config/difference.h"
#include "config/writer.h"
#include "evaluation/test_clips.h"
#include "nn/checkpoint.h"
#include "nn/device.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr size_t kSounds = 16;    // test notes whose sound is measured
constexpr size_t kSnapshots = 8;  // of a latent over training, at most

RunResult begin(const NoteSubject& s, const ModelFacts& facts) {
  RunResult out;
  out.facts = facts, out.clips = s.names, out.clusters = s.clusters, out.data = recordings_fingerprint(*s.dataset);
  out.seconds = double(s.names.size()) * s.config.data.segment / s.config.data.sample_rate;
  return out;
}

std::string bands_of(const NoteSubject& s) {
  SpectrogramConfig config = s.system->model();
  return text(config::dump(config), config.law);
}

void check_same(const NoteSubject& first, const NoteSubject& other, const fs::path& run) {
  const auto refuse = [&](const char* what) {
    fail(run.string(), ": has other ", what, " than ", first.facts.run, ": evaluate them apart");
  };
  if (other.names != first.names) refuse("test notes");
  const auto names = [](const NoteSubject& s) {
    std::vector<std::string> out;
    for (const NoteLabel& label : s.labels) out.push_back(label.name);
    return out;
  };
  if (other.config.data.classes != first.config.data.classes || names(other) != names(first)) refuse("classes");
  if (bands_of(other) != bands_of(first)) refuse("spectrograms");
}

NoteBench make_bench(const NoteSubject& s, uint64_t seed) {
  NoteBench out;
  out.train = s.notes(s.dataset->split(Split::kTrain)), out.test = s.notes(s.clips);
  const auto validation = s.dataset->split(Split::kValidation);
  if (validation.empty()) fail(s.facts.run, ": its data has no validation notes, on which the classifier is chosen");
  if (s.labels.empty()) fail(s.facts.run, ": data.classes names no label of two classes: nothing to tell apart");
  const NoteSet chosen_on = s.notes(validation);
  std::vector<int64_t> sizes;
  for (const NoteLabel& label : s.labels) sizes.push_back(int64_t(label.classes.size()));
  out.classifier = train_note_classifier(s.system->model(), sizes, out.train.seen, out.train.one_hot, chosen_on.seen,
                                         chosen_on.one_hot, seed);
  return out;
}

}  // namespace

LatentCourse latent_course(const NoteSubject& s, const torch::Tensor& seen) {
  std::vector<fs::path> kept;
  if (fs::exists(s.folder / "checkpoints"))
    for (const auto& entry : fs::directory_iterator(s.folder / "checkpoints"))
      if (entry.path().filename().string().rfind("step_", 0) == 0) kept.push_back(entry.path());
  std::sort(kept.begin(), kept.end());
  LatentCourse out;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (i * kSnapshots / kept.size() == (i + 1) * kSnapshots / kept.size() && kept.size() > kSnapshots) continue;
    const Checkpoint checkpoint = read_checkpoint(kept[i]);
    if (step_of(checkpoint) < s.facts.step) out.emplace_back(step_of(checkpoint), load_wae(checkpoint)->encode(seen));
  }
  out.emplace_back(s.facts.step, s.system->encode(seen));
  return out;
}

std::vector<RunResult> evaluate_notes(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                      const fs::path& out) {
  const torch::NoGradGuard no_grad;
  choose_device("cpu");
  std::vector<NoteSubject> subjects;
  for (const fs::path& run : runs) {
    if (!is_wae(run)) fail(run.string(), ": makes no notes, but ", runs[0].string(), " does");
    subjects.push_back(load_notes(run, config));
    check_same(subjects[0], subjects.back(), run);
  }
  const std::vector<SoundMaker> makers = sound_makers(subjects[0], config.vocoders);
  const auto seed = uint64_t(config.seed);
  Progress progress("evaluate " + subjects[0].facts.run);
  progress.update(0, "a classifier of recorded notes");
  const NoteBench bench = make_bench(subjects[0], seed);

  std::vector<RunResult> results;
  std::vector<LatentCourse> courses;
  for (const NoteSubject& s : subjects) {
    progress.update(double(results.size() + 1) / double(subjects.size() + 1), s.facts.run);
    RunResult result = begin(s, s.facts);
    measure_reconstruction(s, bench, sound_makers_of(s, makers), kSounds, result);
    measure_latents(s, bench, result);
    measure_control(s, bench, seed, result);
    measure_mixing(s, bench, seed, result);
    results.push_back(std::move(result));
    courses.push_back(latent_course(s, bench.test.seen));
  }
  RunResult recorded = begin(subjects[0], without_model(subjects[0].facts, "recorded notes")),
            chance = begin(subjects[0], without_model(subjects[0].facts, "chance"));
  measure_recorded(subjects[0], bench, recorded), measure_chance(subjects[0], bench, chance);
  results.push_back(std::move(recorded)), results.push_back(std::move(chance));
  for (RunResult& result : results) result.summarise_rows(config.bootstrap, seed);
  progress.done(text(subjects[0].clips.size(), " notes, ", subjects.size(), " models"));

  const fs::path folder = out.empty() ? subjects[0].folder / "evaluation" : out;
  make_folder(folder);
  write_file(folder / "results.json", to_json(results, config));
  write_file(folder / "table.md", to_markdown(results, config));
  write_file(folder / "table.csv", to_csv(results));
  write_file(folder / "report.html", notes_page(results, subjects, bench, courses,
                                                hear_notes(subjects, bench, makers, config), config));
  log_info("wrote " + (folder / "table.md").string() + ", results.json and report.html");
  return results;
}

}  // namespace nr
