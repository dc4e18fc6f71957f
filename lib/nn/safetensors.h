// A checkpoint is one safetensors file: tensors by name, and text by name (resolved config, graph hash, scales, step).
// Written whole or not at all. https://github.com/huggingface/safetensors: 8-byte length, JSON header, data.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <istream>
#include <map>
#include <string>

namespace nr {

struct Checkpoint {
  std::map<std::string, torch::Tensor> tensors;
  std::map<std::string, std::string> texts;
  std::string name = "checkpoint";  // the file it was read from: for errors
};

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
// Error that says what is wrong with the file: absent, truncated (bytes found and expected), not safetensors.
Checkpoint read_checkpoint(const std::filesystem::path& path);
Checkpoint read_checkpoint(std::istream& in, uint64_t bytes, const std::string& name);

// Tensors whose names begin with the prefix, by the rest of their names.
std::map<std::string, torch::Tensor> below(const Checkpoint& checkpoint, const std::string& prefix);

std::string shape_text(at::IntArrayRef shape);  // "[8, 1, 1024]"

}  // namespace nr
