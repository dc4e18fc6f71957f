#include "training/step.h"

#include <torch/torch.h>

#include <cmath>

#include "base/names.h"
#include "data/batch.h"
#include "nn/autocast.h"
#include "nn/ranks.h"
#include "training/show.h"

namespace nr {
namespace {

LossInput loss_input(const Run& run, Values& values) { return {values, run.system->settings(), run.system->parts()}; }

}  // namespace

Terms train_step(Run& run, Phase& phase, const Batch& given, bool watch) {
  // All chance of a step is a function of (seed, step): a resumed run needs no generator's state.
  Random random(run.config.seed, run.step);
  torch::manual_seed(random());
  const int64_t step = run.step - phase.begin;

  // 1. A batch.
  run.system->set_mode(phase.learning);
  const Batch batch = to_device(given, run.device);

  const MixedPrecision mixed(run.config.training.autocast == "bf16");

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

Validation validate(Run& run, const Phase& phase, bool shows) {
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
  Validation out;
  // Of each name, the sum and the number of the batches that define it: a pitch of noise is not defined.
  torch::Tensor sums = torch::zeros({int64_t(names.size()), 2}, torch::kDouble);
  for (int i = 0; i < batches; ++i) {
    Random random(run.config.seed, i);
    Values values;
    run.system->produce(to_device(run.validation->batch(i), run.device), random, values);
    std::vector<std::string> shown;
    if (shows && i == 0)
      for (const std::string& name : shown_values())
        if (values.has(name)) shown.push_back(name);
    std::vector<std::string> all = reads;
    all.insert(all.end(), shown.begin(), shown.end());
    values.compute(all);
    for (const std::string& name : shown) out.shown[name] = values[name];
    for (size_t k = 0; k < names.size(); ++k) {
      const double value = losses().at(names[k]).value(loss_input(run, values)).item<double>();
      if (std::isnan(value) && contains(validated, names[k])) continue;
      sums[int64_t(k)] += torch::tensor({value, 1.0}, torch::kDouble);
    }
  }
  sum_over_ranks(sums);
  for (size_t k = 0; k < names.size(); ++k) {
    const double sum = sums[int64_t(k)][0].item<double>(), count = sums[int64_t(k)][1].item<double>();
    if (count > 0) out.means["validation/" + names[k]] = sum / count;
  }
  return out;
}

}  // namespace nr
