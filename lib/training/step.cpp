#include "training/step.h"

#include <torch/torch.h>

#include <cmath>

#include "base/names.h"
#include "data/batch.h"

namespace nr {
namespace {

LossInput loss_input(const Run& run, Values& values) { return {values, run.system->settings(), run.system->parts()}; }

}  // namespace

Terms train_step(Run& run, Phase& phase, bool watch) {
  // All chance of a step is a function of (seed, step): a resumed run needs no generator's state.
  Random random(run.config.seed, run.step);
  torch::manual_seed(random());
  const int64_t step = run.step - phase.begin;

  // 1. A batch.
  run.system->set_mode(phase.learning);
  const Batch batch = to_device(run.training->batch(run.step), run.device);

  // 2. The forward pass: the values that the losses of this step read, before any update changes what they depend on.
  Values values;
  run.system->produce(batch, random, values);
  std::vector<std::string> reads;
  for (const Optimiser& optimiser : phase.optimisers)
    if (optimiser.due(step)) optimiser.add_reads(step, reads);
  const std::vector<std::string> watched = watch ? run.system->watched() : std::vector<std::string>{};
  for (const std::string& name : watched)
    for (const char* read : losses().at(name).reads) reads.push_back(read);
  values.compute(reads);

  // 3. Every optimiser that is due: weighted sum of losses, backward, update.
  Terms terms;
  for (Optimiser& optimiser : phase.optimisers)
    if (optimiser.due(step)) optimiser.update(loss_input(run, values), step, terms);
  ++run.step;
  const torch::NoGradGuard no_grad;
  for (const std::string& name : watched) terms[name] = losses().at(name).value(loss_input(run, values));
  return terms;
}

std::map<std::string, double> validate(Run& run, const Phase& phase) {
  const torch::NoGradGuard no_grad;
  run.system->set_mode({});
  const std::vector<std::string> validated = run.system->validated();
  std::vector<std::string> names = run.system->watched(), reads;
  names.insert(names.end(), validated.begin(), validated.end());
  for (const auto& [optimiser, config] : phase.config.optimisers)
    for (const auto& [name, weight] : config.losses) names.push_back(name);
  for (const std::string& name : names)
    for (const char* read : losses().at(name).reads) reads.push_back(read);
  const int batches = run.config.training.validation_batches;
  std::map<std::string, double> sums;
  std::map<std::string, int> undefined;  // batches in which a value is not defined, such as a pitch of noise
  for (int i = 0; i < batches; ++i) {
    Random random(run.config.seed, i);
    Values values;
    run.system->produce(to_device(run.validation->batch(i), run.device), random, values);
    values.compute(reads);
    for (const std::string& name : names) {
      const double value = losses().at(name).value(loss_input(run, values)).item<double>();
      if (std::isnan(value) && contains(validated, name))
        ++undefined[name];
      else
        sums[name] += value;
    }
  }
  std::map<std::string, double> means;
  for (const auto& [name, sum] : sums) means["validation/" + name] = sum / (batches - undefined[name]);
  return means;
}

}  // namespace nr
