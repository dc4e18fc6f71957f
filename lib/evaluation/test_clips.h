// The clips on which a run of any kind is evaluated, and how often its test split was read.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/evaluate.h"
#include "evaluation/results.h"
#include "nn/checkpoint.h"

namespace nr {

struct TestClips {
  std::filesystem::path folder;  // of the run; it may hold a journal
  std::unique_ptr<Dataset> dataset;
  std::vector<int> clips;          // of config.split, in the dataset's order
  std::vector<std::string> names;  // of the same clips
  Clusters clusters;               // of the same clips, by config.cluster
  ModelFacts facts;                // what the config says; the hop is a whole segment
};

// splits: the checkpoint's text (data/split.h); empty: the dataset draws its own. Error when the prepared data cannot
// be read, or has no such clips.
TestClips test_clips(const std::filesystem::path& run, const RunConfig& trained, const std::string& splits,
                     int64_t step, const EvaluationConfig& config);
TestClips test_clips(const std::filesystem::path& run, const RunConfig& trained, const Checkpoint& checkpoint,
                     const EvaluationConfig& config);

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

// How often the run in this folder was evaluated on its test split: a line of test_reads.jsonl each. A choice that was
// made after one is no choice on the validation split.
int test_reads(const std::filesystem::path& folder);
// Nothing of another split. A folder that cannot be written gets a warning.
void record_test_read(const std::filesystem::path& folder, const EvaluationConfig& config);

}  // namespace nr
