// Trains a prior over a run's knob positions and latents, with the run frozen. Torch-free: apps include it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "config/value.h"
#include "models/prior.h"
#include "training/schedule.h"

namespace nr {

struct PriorTrainingConfig {
  int64_t steps = 20000;
  int batch = 8;
  int frames = 128;                 // latent frames of a crop; more than the diagonal shift
  int measured_batches = 64;        // from which the ranges and the marginals of the dimensions are taken
  Schedule lr{1e-3};
  std::vector<double> betas{0.9, 0.999};
  int64_t validate_every = 500;     // steps
  int validation_batches = 8;
  int64_t checkpoint_every = 1000;  // steps; also at the end and on Ctrl-C

  template <class V>
  void fields(V& v) {
    v("steps", steps, config::at_least(1));
    v("batch", batch, config::at_least(1));
    v("frames", frames, config::at_least(2));
    v("measured_batches", measured_batches, config::at_least(1));
    v("lr", lr);
    v("betas", betas, config::between(0, 0.99999));
    v("validate_every", validate_every, config::at_least(1));
    v("validation_batches", validation_batches, config::at_least(1));
    v("checkpoint_every", checkpoint_every, config::at_least(1));
  }
};

struct PriorRunConfig {
  int64_t seed = 1;
  std::string device = "auto";
  PriorConfig prior;
  PriorTrainingConfig training;

  template <class V>
  void fields(V& v) {
    v("seed", seed, config::at_least(0));
    v("device", device, config::one_of({"auto", "cpu", "cuda"}));
    v("prior", prior);
    v("training", training);
  }
};

PriorRunConfig read_prior_config(const config::Value& root);

// Like train(): the folder gets config.yaml, model.safetensors (a copy of the run: what it becomes later does not matter),
// journal.jsonl with "nats" and "marginal_nats" a dimension and frame, and checkpoints/{last,best}.safetensors.
void train_prior(const PriorRunConfig& config, const std::filesystem::path& folder, bool resume);

}  // namespace nr
