// Trained runs -> numbers with their uncertainty, as JSON and Markdown, and one page to read and hear. Torch-free: apps include it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "config/checks.h"

namespace nr {

struct EvaluationConfig {
  int clips = 0;
  double seconds = 10;
  int bootstrap = 2000;
  int64_t seed = 1;
  int examples = 3;

  template <class V>
  void fields(V& v) {
    v("clips", clips, config::at_least(0), "test clips used, drawn by the seed; 0: all");
    v("seconds", seconds, config::at_least(0.1), "longest part of a clip used, from its start");
    v("bootstrap", bootstrap, config::between(100, 1000000), "resamples of an interval");
    v("seed", seed, config::Any{}, "of the clips drawn, the donors and the intervals");
    v("examples", examples, config::between(0, 20), "clips to hear in the report");
  }
};

// Writes results.json, table.md and report.html into `out` (empty: the first run's folder evaluation/). A run is a folder with a
// config and checkpoints, or one checkpoint. Error when a run or its prepared data cannot be read, or has no test clips.
void evaluate(const std::vector<std::filesystem::path>& runs, const EvaluationConfig& config, const std::filesystem::path& out = {});

}  // namespace nr
