// Evaluates runs of effects on the same pairs of dry and wet sound. Beside the models stand rows that need none: the
// dry sound itself, the training pairs' means, a random effect, and chance.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/effect_rows.h"
#include "evaluation/results.h"

namespace nr {

// Writes results.json, table.md and report.html into `out`; empty: evaluation/ in the first run. Error when a run is of
// other test sounds, effects or spectrograms than the first.
std::vector<RunResult> evaluate_effects(const std::vector<std::filesystem::path>& runs,
                                        const EvaluationConfig& config, const std::filesystem::path& out);

// What a model makes of the pairs of its own chain, for the page.
struct EffectsShown {
  const EffectsSubject* subject;
  SeenPairs seen;
  InferredEffects inferred;  // of a model that infers; else empty
};

std::string effects_page(const std::vector<RunResult>& results, const EffectPairs& pairs,
                         const std::vector<EffectsShown>& shown, const EvaluationConfig& config);

}  // namespace nr
