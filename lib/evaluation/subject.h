// A run under evaluation: its model, and the test clips it was kept away from.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/evaluate.h"
#include "evaluation/observe.h"
#include "evaluation/results.h"

namespace nr {

struct Subject {
  std::filesystem::path folder;  // of the run: where a journal may lie
  TrainedModel trained;
  ModelFacts facts;
  std::unique_ptr<Dataset> dataset;
  std::vector<int> clips;  // of the test split, in the dataset's order

  std::string clip_name(size_t i) const;  // the file's name
  Sound sound(size_t i, double longest_seconds) const;
};

// Error when the run or its prepared data cannot be read, or its test split is empty.
Subject load_subject(const std::filesystem::path& run, const EvaluationConfig& config);

ModelFacts facts_of(const TrainedModel& trained, const std::string& run);

// Knob positions of the training split's sounding latent frames: what combinations exist.
std::vector<std::vector<float>> training_combinations(const Dataset& dataset, const TrainedModel& trained);

}  // namespace nr
