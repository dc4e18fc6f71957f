// Trains one run, of any system, into one folder. Torch-free: apps include it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "run/run.h"

namespace nr {

struct TrainOptions {
  bool resume = false;  // go on from checkpoints/last.safetensors
  // Of a resumed run, what may differ from what it was trained with: config, controls, data.
  std::vector<std::string> accept{};
  // A run or checkpoint whose weights a new run begins with, where name and shape are the same; empty: none.
  std::filesystem::path init_from{};
};

// The folder gets config.yaml (resolved), clips.csv, journal.jsonl, tensorboard/ and
// checkpoints/{last,<phase>,best_<phase>,step_<number>}.safetensors. A run of several phases first rehearses them
// (rehearsal.h). A resumed run goes on bit for bit as if it had never stopped
// (CPU, same threads). It keeps the scales and the splits it began with. Ctrl-C saves and returns. Error when the
// folder holds a run and `resume` is off, or holds none and it is on; when a resumed run's config, controls or data
// have changed and `accept` does not name them; when a loss or gradient is not finite; and for any trouble with data or
// disk.
void train(const RunConfig& config, const std::filesystem::path& folder, const TrainOptions& options = {});

}  // namespace nr
