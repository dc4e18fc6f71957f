// A tensor program as a TorchScript module: every operation is a line of source, its constants and states are buffers.
#pragma once
#include <torch/script.h>

#include <map>

#include "deploy/tensor_program.h"

namespace nr {

// Rows of a state: as many as nn~'s mc objects may have. A file holds a few; a call with more signals grows them once.
constexpr int kMostSignals = 64, kStoredSignals = 4;

// Modules of one file: they share a compilation unit, and equal weights.
class ScriptWriter {
 public:
  // Its forward() takes the program's inputs in order and gives its first output. The states go on from call to call;
  // reset() clears them.
  torch::jit::Module module(const std::string& name, const TensorProgram& program);
  torch::jit::Module empty(const std::string& name);

 private:
  const torch::Tensor& tensor_of(const TensorConstant& constant);
  std::shared_ptr<torch::jit::CompilationUnit> unit_ = std::make_shared<torch::jit::CompilationUnit>();
  std::map<std::pair<std::vector<int64_t>, decltype(TensorConstant::values)>, torch::Tensor> tensors_;
};

// Source text with each word replaced, everywhere, by its text; in the order given.
std::string filled_in(std::string source, const std::vector<std::pair<std::string, std::string>>& words);

}  // namespace nr
