// A checkpoint is one safetensors file: tensors by name, and text by name (resolved config, graph hash, scales, step).
// Written whole or not at all. https://github.com/huggingface/safetensors: 8-byte length, JSON header, data.
#pragma once
#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>

#include "descriptors/scale.h"
#include "nn/autoencoder.h"

namespace nr {

struct Checkpoint {
  std::map<std::string, torch::Tensor> tensors;
  std::map<std::string, std::string> texts;
  std::string name = "checkpoint";  // the file it was read from: for errors
};

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
// Error that says what is wrong with the file: absent, truncated (bytes found and expected), not safetensors.
Checkpoint read_checkpoint(const std::filesystem::path& path);

// Parameters and buffers of a module under "prefix/", by name.
void store(const torch::nn::Module& module, const std::string& prefix, Checkpoint& checkpoint);
// Error when a tensor is missing, has another shape, or is left over under the prefix.
void restore(torch::nn::Module& module, const std::string& prefix, const Checkpoint& checkpoint);

// A trained model with all that is needed to run it, as evaluation and export read it.
struct TrainedModel {
  std::shared_ptr<Autoencoder> model;  // in eval mode
  std::string config;                  // resolved YAML of the run
  DescriptorConfig descriptors;
  std::vector<Scale> scales;           // one a control, in order
  int sample_rate = 0;
  int64_t step = 0;
};
// A run folder (its newest checkpoint) or a file, on the CPU with all its cores. Error when it holds another graph than its config describes.
TrainedModel load_model(const std::filesystem::path& run_or_file);

}  // namespace nr
