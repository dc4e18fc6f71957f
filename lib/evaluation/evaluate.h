// Trained runs -> numbers with their uncertainty, as JSON and Markdown, and one page to read and hear. Torch-free: apps include it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "config/checks.h"

namespace nr {

struct EvaluationConfig {
  int clips = 0;         // of the test split, drawn by seed; 0: all
  double seconds = 10;   // longest part of a clip used, from its start
  int bootstrap = 2000;  // resamples of an interval
  int64_t seed = 1;      // of donors, intervals and whatever is drawn
  int examples = 3;      // clips to hear in the report

  template <class V>
  void fields(V& v) {
    v("clips", clips, config::at_least(0));
    v("seconds", seconds, config::at_least(0.1));
    v("bootstrap", bootstrap, config::between(100, 1000000));
    v("seed", seed);
    v("examples", examples, config::between(0, 20));
  }
};

// Writes results.json, table.md and report.html into `out` (empty: the first run's folder evaluation/). A run is a folder with a
// config and checkpoints, or one checkpoint. Error when a run or its prepared data cannot be read, or has no test clips.
void evaluate(const std::vector<std::filesystem::path>& runs, const EvaluationConfig& config, const std::filesystem::path& out = {});

}  // namespace nr
