// Where the test clips' latents lie: a part of the page of a model that streams.
#pragma once
#include <vector>

#include "evaluation/bench.h"
#include "report/html.h"

namespace nr {

// A point is the mean latent of a clip's sounding frames, of all frames where none sounds. Runs that were evaluated on
// other recordings than the first are left out. Empty with fewer than four clips.
report::Markup latent_map(const std::vector<Bench>& benches, const EvaluationConfig& config);

}  // namespace nr
