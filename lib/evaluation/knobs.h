// Evaluates models that put an effect on a sound as it streams, with the effect's settings as knobs: against the true
// effect over every knob's range, beside rows that need no model.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/page.h"
#include "evaluation/results.h"

namespace nr {

bool has_knobs(const std::filesystem::path& run);  // a model of the RAVE family that is trained with data.pairs

constexpr size_t kRowsWithoutModel = 3;  // behind the runs; the first of them is the true effect

// Rows: each run; the true effect, which is the ceiling; the true effect with every knob in its middle, which is what a
// model that ignores its knobs can score; the dry sound. Writes results.json, table.md and report.html into `out`;
// empty: evaluation/ in the first run. Error when a run has other test sounds or knobs than the first.
std::vector<RunResult> evaluate_knobs(const std::vector<std::filesystem::path>& runs, const EvaluationConfig& config,
                                      const std::filesystem::path& out);

// Harmonics of a run while a knob turns, dB, means of some tones, beside the true effect's.
struct KnobCurve {
  std::string run, part, unit;
  std::vector<double> knob, wanted, made;
  int tones = 0;
};

// heard: of each example the sounds of all rows, in their order.
std::string knobs_page(const std::vector<RunResult>& results, const std::vector<KnobCurve>& curves,
                       const std::vector<std::vector<std::vector<float>>>& heard,
                       const std::vector<TrainingCurves>& training, const EvaluationConfig& config);

}  // namespace nr
