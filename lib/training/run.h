// A run while it trains: what it was configured as, the system that learns, its data, and where it stands.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/loader.h"
#include "nn/safetensors.h"
#include "systems/system.h"
#include "training/average.h"
#include "training/optimiser.h"
#include "training/train.h"

namespace nr {

struct Phase {
  std::string name;
  PhaseConfig config;
  int64_t begin = 0, end = 0;       // steps of the run
  std::set<std::string> learning;   // the parts that its optimisers train
  std::vector<Optimiser> optimisers;
};

struct Run {
  RunConfig config;
  std::filesystem::path folder;
  torch::Device device = torch::kCPU;
  std::unique_ptr<System> system;
  std::unique_ptr<Average> average;  // of its weights; of none where training.ema is 0
  std::unique_ptr<Dataset> data;
  std::vector<Scale> scales;  // one a control; of the run, not of the data: a resumed run keeps those it began with
  // surveyed: the training split without augmentation. validation is null where that split is empty.
  std::unique_ptr<Loader> training, surveyed, validation;
  int64_t step = 0;
  double best = 1e300;  // lowest validation loss of the phase that `step` is in
};

// A new run in the folder, or, from a checkpoint of it, the run as it was when that was written. Error when the folder
// does not fit, or when data, config or controls differ from the checkpoint's and `accept` does not name them.
Run open_run(const RunConfig& config, const std::filesystem::path& folder, const Checkpoint* saved,
             const std::vector<std::string>& accept);

// The phase with its optimisers, whose state is the checkpoint's where the run stands inside the phase.
Phase open_phase(const Run& run, size_t index, const Checkpoint* saved);

std::filesystem::path checkpoint_path(const std::filesystem::path& folder, const std::string& name);
void save(const Run& run, Phase& phase, const std::string& name);
// Removes the files that a killed run was writing (base/files.h).
void remove_unfinished(const std::filesystem::path& folder);
// As `last`, from which a run is resumed. keeps: as step_<number> too where training.keep asks for it, and of these the
// last so many stay.
void save_last(const Run& run, Phase& phase, bool keeps);

}  // namespace nr
