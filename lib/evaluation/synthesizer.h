// Evaluates runs that infer a synthesizer's parameters: the sounds of the test split are inferred, rendered again and
// compared with what they should be. Beside the models stand rows that need none.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "evaluation/latent_study.h"
#include "evaluation/results.h"
#include "synth/parameter.h"

namespace nr {

bool is_synthesizer(const std::filesystem::path& run);  // of a run's folder or checkpoint

// What one row makes of one test sound.
struct Resynthesised {
  std::string row;
  std::vector<float> positions;  // of the columns
  std::vector<float> samples;    // empty: it could not be rendered
};
struct SynthesizerExample {
  std::string clip;
  std::vector<float> original;
  std::vector<float> positions;         // of the columns; NaN: cannot be heard
  std::vector<Resynthesised> rows;
};

// Writes results.json, table.md and report.html into `out`, and returns the table's rows; empty: evaluation/ in the
// first run. Rows beside the models: the training split's mean parameters, those of the training sound with the nearest
// spectrogram, those of a random one, and the right ones rendered with another seed (the floor). Error when the set has
// no recipe.yaml, or a run is of another set than the first.
std::vector<RunResult> evaluate_synthesizers(const std::vector<std::filesystem::path>& runs,
                                             const EvaluationConfig& config, const std::filesystem::path& out);

// The table of a publication: mean and standard deviation, median and the mean without the outer tenths. Behind it
// medians over those of the first row.
std::string deviations_table(const std::vector<RunResult>& results, const EvaluationConfig& config);

// Medians of each folder of recordings; empty where there are not several.
std::string sources_table(const std::vector<RunResult>& results);

// latents: of the runs that have one, by name.
std::string synthesizer_page(const std::vector<RunResult>& results, const std::vector<SynthesizerExample>& examples,
                             const std::vector<std::pair<std::string, LatentStudy>>& latents,
                             const SynthParameters& columns,
                             const std::vector<std::filesystem::path>& folders, const EvaluationConfig& config);

}  // namespace nr
