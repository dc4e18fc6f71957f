// Modules in and out of checkpoints, and a trained model as those who run it need it.
#pragma once
#include <memory>
#include <vector>

#include "descriptors/scale.h"
#include "nn/autoencoder.h"
#include "nn/latent_space.h"
#include "nn/safetensors.h"
#include "run/run.h"

namespace nr {

// Parameters and buffers of a module under "prefix/", by name.
void store(const torch::nn::Module& module, const std::string& prefix, Checkpoint& checkpoint);
// Error when a tensor is missing, has another shape, or is left over under the prefix.
void restore(torch::nn::Module& module, const std::string& prefix, const Checkpoint& checkpoint);

// Error when the checkpoint holds no such text.
const std::string& text_of(const Checkpoint& checkpoint, const std::string& key);

// The run that a checkpoint belongs to. Checkpoints of earlier versions are read too: their old keys become today's.
RunConfig run_config_of(const Checkpoint& checkpoint);
std::vector<Scale> scales_of(const Checkpoint& checkpoint);  // one a control, in order
int64_t step_of(const Checkpoint& checkpoint);
// Error that says both hashes when the checkpoint holds weights of another network than `described`.
void check_fingerprint(const Checkpoint& checkpoint, const std::string& described);

// A trained model with all that is needed to run it, as evaluation and export read it.
struct TrainedModel {
  std::shared_ptr<Autoencoder> model;  // in evaluation mode
  LatentSpace space;                   // of its training split; not known() in a checkpoint without
  RunConfig config;
  std::vector<Scale> scales;           // one a control, in order
  int64_t step = 0;
  // Of the data it was trained on: fingerprint, and CSV path, split (data/split.h). Empty in checkpoints of version 1.
  std::string data, splits;
};
// A run folder's newest checkpoint; a file is itself.
std::filesystem::path find_checkpoint(const std::filesystem::path& run_or_file);
// Of such a folder or file, on the CPU with all its cores. Error when it holds another graph than its config describes.
TrainedModel load_model(const std::filesystem::path& run_or_file);
// The same; Error when it makes whole notes (mel_vae) and so cannot stream.
TrainedModel load_stream(const std::filesystem::path& run_or_file);

}  // namespace nr
