// A run under evaluation: its model and its test clips.
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
  std::filesystem::path folder;  // of the run; it may hold a journal
  TrainedModel trained;
  ModelFacts facts;
  std::unique_ptr<Dataset> dataset;
  std::vector<int> clips;          // of the test split, in the dataset's order
  std::vector<std::string> names;  // of the same clips
  Clusters clusters;               // of the same clips, by config.cluster

  Sound sound(size_t i, double longest_seconds) const;
};

// Error when the run or its prepared data cannot be read, or its test split is empty.
Subject load_subject(const std::filesystem::path& run, const EvaluationConfig& config);

// "runs/a", "runs/a/" and "runs/a/checkpoints/last.safetensors" are all of runs/a.
std::filesystem::path run_folder(const std::filesystem::path& run);

// config.clips of config.split, drawn by the seed, in the dataset's order. Error that names the run when there is
// none.
std::vector<int> drawn_clips(const Dataset& dataset, const EvaluationConfig& config, const std::filesystem::path& run);

// The end of each path that no other path has: "violin/067.wav" where another folder holds a 067.wav, else "067.wav".
std::vector<std::string> short_names(const std::vector<std::string>& paths);

// Of every clip's path, length and split, and of the rate, hexadecimal. Equal for equal recordings, also where runs
// measure them with other windows: Dataset::fingerprint() would tell these apart.
std::string recordings_fingerprint(const Dataset& dataset);

ModelFacts facts_of(const TrainedModel& trained, const std::string& run);

// Of a prepared clip: its controls at the latent rate, gaps filled, and where it sounds.
Measured latent_curves(const Dataset& dataset, const TrainedModel& trained, int clip);

// Positions [combination][control] of the training split's sounding latent frames; empty for a model without controls.
std::vector<std::vector<float>> training_combinations(const Dataset& dataset, const TrainedModel& trained);

}  // namespace nr
