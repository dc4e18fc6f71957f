// Measurements kept in a run's folder: an evaluation that was killed, or is called again with one run more, measures
// only what is new.
#pragma once
#include <filesystem>
#include <vector>

#include "evaluation/bench.h"

namespace nr {

// measure_run(), or what it found before with the same program, checkpoint, data and settings. Each set of settings has
// a file in `measured/` of the run's folder, which a later measurement replaces. A file that cannot be read or written
// gets a warning.
std::vector<RunResult> measure_or_read(const std::filesystem::path& run, const Bench& bench,
                                       const EvaluationConfig& config, bool with_floors);

}  // namespace nr
