// A run of the RAVE family or the mel VAE while it is evaluated: every test clip with every donor, by every metric.
#pragma once
#include <filesystem>
#include <vector>

#include "evaluation/combinations.h"
#include "evaluation/subject.h"

namespace nr {

struct Bench {
  Subject subject;
  TrainingCombinations combinations;
  // [donor][clip]: the clips whose control curves a clip gets. Empty when there is only one clip.
  std::vector<std::vector<int>> donors;
};

// Error as of load_subject.
Bench load_bench(const std::filesystem::path& run, const EvaluationConfig& config);

Observation observe_clip(const Bench& bench, size_t clip, size_t donor, const EvaluationConfig& config);

// The run's row and, where they are wanted and there are controls, the floors' behind it. A clip's value is its mean
// over the donors. Error when the model's output is not finite.
std::vector<RunResult> measure_run(const Bench& bench, const EvaluationConfig& config, bool with_floors);

}  // namespace nr
