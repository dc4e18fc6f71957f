#include "training/rehearsal.h"

#include <torch/torch.h>

#include <set>

#include "base/error.h"
#include "training/step.h"

namespace nr {
namespace {

// Steps of the phase: at its begin and at its end, where ramps have their weights, those of a period's that update.
std::set<int64_t> shown_steps(const Phase& phase) {
  std::set<int64_t> out;
  const int64_t steps = phase.end - phase.begin;
  for (const Optimiser& optimiser : phase.optimisers) {
    int64_t first = 0, last = steps - 1;
    while (first < steps && !optimiser.due(first)) ++first;
    while (last > first && !optimiser.due(last)) --last;
    if (first < steps) out.insert({first, last});
  }
  return out;
}

}  // namespace

void rehearse(Run& run) {
  std::vector<size_t> phases;
  int64_t end = 0;
  for (size_t i = 0; i < run.config.training.phases.size(); ++i)
    if (end += run.config.training.phases[i].second.steps; run.config.training.phases[i].second.steps && end > run.step)
      phases.push_back(i);
  if (phases.size() < 2) return;
  const int64_t step = run.step;
  const Batch batch = run.training->batch(step);
  Checkpoint before;
  run.system->store(before);
  for (const size_t i : phases) {
    Phase phase = open_phase(run, i, nullptr);
    for (const int64_t shown : shown_steps(phase)) {
      run.step = phase.begin + shown;
      try {
        train_step(run, phase, batch, true);
      } catch (const std::exception& error) {
        const std::string what = error.what();
        fail("a rehearsal of phase ", phase.name, ", before any training: ", what.substr(0, what.find('\n')));
      }
      run.system->restore(before);
    }
  }
  run.step = step;
}

}  // namespace nr
