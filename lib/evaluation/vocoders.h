// Evaluates vocoders on true spectrograms of test recordings, beside Griffin-Lim and its fast form.
#pragma once
#include <filesystem>
#include <vector>

#include "evaluation/results.h"

namespace nr {

// Writes results.json, table.md and report.html into `out`, and returns the table's rows; empty: evaluation/ in the
// first run. Error when a run's test recordings or bands are others than the first's.
std::vector<RunResult> evaluate_vocoders(const std::vector<std::filesystem::path>& runs,
                                         const EvaluationConfig& config, const std::filesystem::path& out);

}  // namespace nr
