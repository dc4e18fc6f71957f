#include "training/train.h"

#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/files.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "config/writer.h"
#include "data/split.h"
#include "losses/adversarial.h"
#include "nn/ranks.h"
#include "training/journal.h"
#include "training/rehearsal.h"
#include "training/run.h"
#include "training/show.h"
#include "training/step.h"
#include "training/transfer.h"

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

void note(Journal& journal, const Run& run, const Phase& phase, const Numbers& numbers) {
  for (const std::string& wrong : journal.write(run.step, phase.name, numbers)) log_warning(wrong);
}

void survey(Run& run, const Phase& phase, Journal& journal) {
  const Averaged averaged(*run.average);
  const Numbers found = run.system->survey(*run.surveyed);
  if (!found.empty()) note(journal, run, phase, found);
}

void validate_and_keep_best(Run& run, Phase& phase, Journal& journal) {
  const bool shows = journal.events() && is_shown(run.step / run.config.training.validate_every);
  Validation found;
  {
    const Averaged averaged(*run.average);
    found = validate(run, phase, shows);
  }
  note(journal, run, phase, found.means);
  if (shows) show(*journal.events(), run.step, found.shown, run.config.data.sample_rate);
  const auto loss = found.means.find(std::string("validation/") + run.system->selected_by());
  if (loss == found.means.end() || !(loss->second < run.best)) return;
  run.best = loss->second;
  save(run, phase, "best_" + phase.name);
}

// Means over all ranks. Copied from a device all at once.
void add_values(const Terms& terms, Numbers& numbers) {
  std::vector<torch::Tensor> values;
  for (const auto& [name, value] : terms) values.push_back(value.to(torch::kDouble));
  if (values.empty()) return;
  const torch::Tensor all = mean_over_ranks(torch::stack(values).to(torch::kCPU));
  int64_t i = 0;
  for (const auto& [name, value] : terms) numbers[name] = all[i++].item<double>();
}

// A discriminator's loss that knows nothing; 0 where there is none.
double undecided(const RunConfig& config) {
  const WaveformDiscriminatorConfig& d = config.training.waveform_discriminator;
  return double(size_t(d.scales) + d.periods.size() + d.stft_sizes.size()) *
         undecided_loss(adversarial().at(config.training.adversarial));
}

// False when interrupted.
bool train_phase(Run& run, Phase& phase, Journal& journal) {
  const TrainingConfig& t = run.config.training;
  std::optional<Progress> progress;
  if (ranks().rank == 0)
    progress.emplace(phase.name, double(run.step - phase.begin) / double(phase.end - phase.begin));
  const int64_t first = run.step;
  const double started = now_seconds();
  while (run.step < phase.end) {
    const int64_t next = run.step + 1;
    const bool last = next == phase.end, reports = next % kJournalEvery == 0 || last;
    const Terms terms = train_step(run, phase, run.training->batch(run.step), reports);
    run.average->follow(run.step, phase.learning);
    const bool stops = any_rank(interrupted()), saves = stops || last || run.step % t.checkpoint_every == 0,
               validates = run.validation && (last || run.step % t.validate_every == 0);
    if (reports || saves || validates)
      for (Optimiser& optimiser : phase.optimisers) optimiser.check(terms);
    if (reports) {
      Numbers numbers{{"steps_per_second", double(run.step - first) / (now_seconds() - started)}};
      add_values(terms, numbers);
      note(journal, run, phase, numbers);
      if (progress)
        progress->update(double(run.step - phase.begin) / double(phase.end - phase.begin),
                         progress_text(run, phase, numbers));
    }
    if (saves) survey(run, phase, journal);
    if (validates) validate_and_keep_best(run, phase, journal);
    if (last) save(run, phase, phase.name);  // before `last`: a run that is killed between them trains to it again
    if (saves) save_last(run, phase, run.step % t.checkpoint_every == 0);
    if (stops && !last) {
      if (progress) progress->done(text("stopped at step ", run.step, ", saved; go on with --resume"));
      return false;
    }
  }
  if (progress) progress->done(text(phase.end - phase.begin, " steps"));
  return true;
}

}  // namespace

void train(const RunConfig& config, const fs::path& folder, const TrainOptions& options) {
  watch_interrupts();
  join_ranks();
  const bool first = ranks().rank == 0;  // it writes, and it talks
  const fs::path last = checkpoint_path(folder, "last");
  const bool holds_run = fs::exists(last);
  if (!options.resume && holds_run)
    fail(folder.string(), ": holds a trained run already; go on with --resume, or name another folder with --run");
  if (options.resume && !holds_run)
    fail(folder.string(), ": holds no run to resume (there is no ", last.string(),
         "); without --resume a new run begins there");
  if (options.resume && !options.init_from.empty())
    fail("--init-from ", options.init_from.string(), ": a resumed run has its weights; expected a new run");
  Checkpoint saved;
  if (options.resume) saved = read_checkpoint(last);
  const Checkpoint* from = options.resume ? &saved : nullptr;

  Run run = open_run(config, folder, from, options.accept);
  if (!options.init_from.empty()) {
    const std::string taken = take_weights(*run.system, options.init_from);
    run.average = std::make_unique<Average>(run.system->parts(), config.training.ema);
    if (first) log_info(taken);
  }
  rehearse(run);
  if (first) {
    remove_unfinished(folder);
    write_file(folder / "config.yaml", config::dump(run.config));
    write_file(folder / "clips.csv", clip_list(run.data->clips(), run.data->config().sample_rate));
    for (const std::string& line : run.system->describe()) log_info(line);
    if (ranks().count > 1)
      log_info(text(ranks().count, " processes train together, ", ranks().count * config.training.batch,
                    " examples a step"));
  }
  History history(run.validation ? "validation/" : "latent/", run.system->selected_by(), undecided(config));
  Journal journal(first ? folder : fs::path(), run.step, std::move(history), config.training.tensorboard);
  for (size_t i = 0; i < config.training.phases.size(); ++i) {
    Phase phase = open_phase(run, i, from);
    if (run.step >= phase.end) continue;
    if (run.step == phase.begin) run.best = 1e300, run.average->freeze(phase.learning);
    if (!train_phase(run, phase, journal)) return;
  }
  if (first) log_info(text("trained ", run.step, " steps in ", duration_text(journal.seconds()), "; ", last.string()));
}

}  // namespace nr
