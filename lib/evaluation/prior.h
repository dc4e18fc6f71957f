// A prior under test: the likelihood of whole test clips, beside what a prior without a memory gives.
#pragma once
#include <filesystem>

#include "evaluation/evaluate.h"
#include "evaluation/results.h"

namespace nr {

// Metrics prior_nats and prior_marginal_nats of every clip of the test split. NaN for a clip of no more latent frames
// than the prior's diagonal shift. Error when the prior or its model's data cannot be read, or its test split is empty.
RunResult measure_prior(const std::filesystem::path& run, const EvaluationConfig& config);

}  // namespace nr
