#include "training/train.h"

#include <torch/torch.h>

#include <algorithm>
#include <cstdio>

#include "base/files.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "config/writer.h"
#include "data/split.h"
#include "training/journal.h"
#include "training/run.h"
#include "training/step.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr int kJournalEvery = 10;  // steps

using Numbers = std::map<std::string, double>;

std::string progress_text(const Run& run, const Phase& phase, const Numbers& numbers) {
  char piece[96];
  std::snprintf(piece, sizeof piece, "step %lld of %lld  %.2f steps/s", (long long)(run.step - phase.begin),
                (long long)(phase.end - phase.begin), numbers.at("steps_per_second"));
  std::string out = piece;
  for (const auto& [name, value] : numbers)
    for (const std::string& shown : run.system->shown())
      if (name.substr(name.find('/') + 1) == shown) {
        std::snprintf(piece, sizeof piece, "  %s %.3f", shown.c_str(), value);
        out += piece;
      }
  return out;
}

void survey(Run& run, const Phase& phase, Journal& journal) {
  const Survey found = run.system->survey(*run.surveyed);
  if (!found.numbers.empty()) journal.write(run.step, phase.name, found.numbers);
  if (!found.warning.empty()) log_warning(found.warning);
}

void validate_and_keep_best(Run& run, Phase& phase, Journal& journal) {
  const Numbers found = validate(run, phase);
  journal.write(run.step, phase.name, found);
  const auto judged = found.find(std::string("validation/") + run.system->judged_by());
  if (judged == found.end() || !(judged->second < run.best)) return;
  run.best = judged->second;
  save(run, phase, "best_" + phase.name);
}

// False when interrupted.
bool train_phase(Run& run, Phase& phase, Journal& journal) {
  const TrainingConfig& t = run.config.training;
  Progress progress(phase.name, double(run.step - phase.begin) / double(phase.end - phase.begin));
  const int64_t first = run.step;
  const double started = now_seconds();
  while (run.step < phase.end) {
    const int64_t next = run.step + 1;
    const bool last = next == phase.end, reports = next % kJournalEvery == 0 || last;
    const Terms terms = train_step(run, phase, reports);
    if (reports) {
      Numbers numbers{{"steps_per_second", double(run.step - first) / (now_seconds() - started)}};
      for (const auto& [name, value] : terms) numbers[name] = value.item<double>();
      journal.write(run.step, phase.name, numbers);
      progress.update(double(run.step - phase.begin) / double(phase.end - phase.begin), progress_text(run, phase, numbers));
    }
    const bool stops = interrupted(), saves = stops || last || run.step % t.checkpoint_every == 0;
    if (saves) survey(run, phase, journal);
    if (run.validation && (last || run.step % t.validate_every == 0)) validate_and_keep_best(run, phase, journal);
    if (saves) save(run, phase, "last");
    if (last) save(run, phase, phase.name);
    if (stops && !last) {
      progress.done(text("stopped at step ", run.step, ", saved; go on with --resume"));
      return false;
    }
  }
  progress.done(text(phase.end - phase.begin, " steps"));
  return true;
}

}  // namespace

void train(const RunConfig& config, const fs::path& folder, const TrainOptions& options) {
  watch_interrupts();
  const fs::path last = checkpoint_path(folder, "last");
  const bool holds_run = fs::exists(last);
  if (!options.resume && holds_run)
    fail(folder.string(), ": holds a trained run already; go on with --resume, or name another folder with --run");
  if (options.resume && !holds_run)
    fail(folder.string(), ": holds no run to resume (there is no ", last.string(), "); without --resume a new run begins there");
  Checkpoint saved;
  if (options.resume) saved = read_checkpoint(last);
  const Checkpoint* from = options.resume ? &saved : nullptr;

  Run run = open_run(config, folder, from, options.accept);
  write_file(folder / "config.yaml", config::dump(run.config));
  write_file(folder / "clips.csv", clip_list(run.data->clips(), run.data->config().sample_rate));
  Journal journal(folder / "journal.jsonl", run.step);
  for (const std::string& line : run.system->describe()) log_info(line);
  for (size_t i = 0; i < config.training.phases.size(); ++i) {
    Phase phase = open_phase(run, i, from);
    if (run.step >= phase.end) continue;
    if (run.step == phase.begin) run.best = 1e300;
    if (!train_phase(run, phase, journal)) return;
  }
  log_info(text("trained ", run.step, " steps in ", duration_text(journal.seconds()), "; ", last.string()));
}

}  // namespace nr
