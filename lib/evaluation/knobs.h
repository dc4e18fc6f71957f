// Evaluates models that put an effect on a sound as it streams, with the effect's settings as knobs: against the true
// effect over every knob's range, beside rows that need no model.
#pragma once
#include <filesystem>
#include <vector>

#include "evaluation/results.h"

namespace nr {

bool has_knobs(const std::filesystem::path& run);  // a model of the RAVE family that is trained with data.pairs

// Rows: each run; the true effect, which is the ceiling; the true effect with every knob in its middle, which is what a
// model that ignores its knobs can score; the dry sound. Writes results.json, table.md and report.html into `out`;
// empty: evaluation/ in the first run. Error when a run has other test sounds or knobs than the first.
std::vector<RunResult> evaluate_knobs(const std::vector<std::filesystem::path>& runs, const EvaluationConfig& config,
                                      const std::filesystem::path& out);

}  // namespace nr
