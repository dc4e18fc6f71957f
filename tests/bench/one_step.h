// Training steps of one of a config's phases on random audio: values, exchange decode, every loss, backward, Adam.
#pragma once
#include <torch/torch.h>

#include <algorithm>

#include "config/value.h"
#include "nn/autocast.h"
#include "nn/device.h"
#include "systems/table.h"
#include "training/optimiser.h"
#include "training/run.h"

namespace nr {

struct OneStep {
  int64_t number = 1000;  // of the step in its phase
  int64_t turns = 1;      // steps until all optimisers have updated
  RunConfig config;
  std::unique_ptr<System> system;
  Batch batch;
  std::vector<Optimiser> optimisers;
  std::set<std::string> learning;

  explicit OneStep(const RunConfig& c, size_t phase = 0) : config(c) {
    choose_device("cpu");
    set_arithmetic(config.training);
    system = make_system(config, "");
    std::vector<Scale> scales;
    for (const std::string& name : config.descriptors.controls) {
      const bool hz = name == "pitch" || name == "centroid";  // octaves
      scales.push_back({name, hz ? 6.0 : -40.0, hz ? 11.0 : 10.0, {}});
    }
    system->set_scales(scales);
    const int64_t n = config.training.batch, controls = int64_t(scales.size()),
                  frames = config.data.segment / system->needs().hop;
    batch.audio = 0.1 * torch::randn({n, 1, config.data.segment});
    batch.controls = torch::rand({n, controls, frames}) * 2 - 1;
    batch.classes = torch::randint(16, {n, controls, frames});
    batch.active = torch::ones({n, frames});
    for (const auto& [name, optimiser] : config.training.phases.at(phase).second.optimisers) {
      optimisers.emplace_back(name, optimiser, system->parts());
      learning.insert(optimiser.parts.begin(), optimiser.parts.end());
      turns = std::max<int64_t>(turns, optimiser.every);
    }
    system->set_mode(learning);
  }

  void step() {
    const MixedPrecision mixed(config.training.autocast == "bf16");
    Random random(1);
    Values values;
    system->produce(batch, random, values);
    std::vector<std::string> reads;
    for (const Optimiser& optimiser : optimisers)
      if (optimiser.due(number)) optimiser.add_reads(number, reads);
    values.compute(reads);
    Terms terms;
    for (Optimiser& optimiser : optimisers)
      if (optimiser.due(number))
        optimiser.update({values, system->settings(), system->parts()}, number, terms);
    ++number;
  }
};

}  // namespace nr
