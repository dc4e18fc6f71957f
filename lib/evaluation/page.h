// The report: one HTML page that needs no other file, with facts of the models, tables, and examples to hear and see.
#pragma once
#include <string>
#include <vector>

#include "evaluation/journal.h"
#include "evaluation/observe.h"
#include "evaluation/played.h"
#include "evaluation/results.h"
#include "report/html.h"

namespace nr {

// What one model makes of an example.
struct HeardModel {
  std::string run;
  std::vector<Scale> scales;
  int hop = 1;
  Observation observation;
  std::vector<Trial> sweeps;   // may be empty
  std::vector<Rendition> played;  // may be empty
};
struct Example {
  std::string clip, donor;
  double rank = 0;                   // share of the clips that the first run reconstructs better than this one, 0 ... 1
  std::vector<float> donor_samples;  // empty: no model has controls
  std::vector<HeardModel> runs;
};
struct TrainingCurves {
  std::string run;
  std::vector<JournalCurve> curves;
};

std::string to_page(const std::vector<RunResult>& runs, const std::vector<Example>& examples,
                    const std::vector<TrainingCurves>& training, const report::Markup& latents,
                    const EvaluationConfig& config);

// The page's parts.
report::Markup model_section(const std::vector<RunResult>& runs);
report::Markup numbers_section(const std::vector<RunResult>& runs, const EvaluationConfig& config);
report::Markup control_section(const RunResult& run);  // empty for a model without controls
report::Markup every_number(const RunResult& run);
report::Markup example_section(const Example& example, int index, double seconds);
report::Markup sweep_section(const Example& example, double seconds);
report::Markup played_section(const Example& example);
report::Markup training_section(const std::vector<TrainingCurves>& training);

// How many seconds of each sound the page can hold below about 8 MB.
double audible_seconds(const std::vector<Example>& examples);

}  // namespace nr
