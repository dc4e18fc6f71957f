// Trains one run: phases of players over a prepared dataset, into one folder.
#pragma once
#include <filesystem>

#include "training/run.h"

namespace nr {

// The folder gets config.yaml (resolved) first, then journal.jsonl and checkpoints/{last,best,<phase>}.safetensors.
// `resume` goes on from checkpoints/last.safetensors, bit for bit as if never stopped (CPU, same threads); without it a folder that
// holds a run is refused. Ctrl-C saves and returns. Error: any config, data or disk trouble, or a loss that is not finite.
void train(const RunConfig& config, const std::filesystem::path& folder, bool resume);

}  // namespace nr
