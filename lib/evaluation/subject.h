// A run under evaluation: its model and its test clips.
#pragma once
#include <filesystem>
#include <vector>

#include "evaluation/observe.h"
#include "evaluation/test_clips.h"

namespace nr {

struct Subject : TestClips {
  TrainedModel trained;

  Sound sound(size_t i, double longest_seconds) const;
};

// Error when the run or its prepared data cannot be read, or its test split is empty.
Subject load_subject(const std::filesystem::path& run, const EvaluationConfig& config);

// Of a prepared clip: its controls at the latent rate, gaps filled, and where it sounds.
Measured latent_curves(const Dataset& dataset, const TrainedModel& trained, int clip);

// Positions [combination][control] of the training split's sounding latent frames; empty for a model without controls.
std::vector<std::vector<float>> training_combinations(const Dataset& dataset, const TrainedModel& trained);

}  // namespace nr
