// A graph as LibTorch runs it offline, and as something streams it block by block: the largest difference.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "deploy/network.h"
#include "deploy/tensor_program.h"

namespace nr {

using Ticks = std::map<std::string, torch::Tensor>;  // by port, without the noise

struct TensorCase {
  Graph graph;
  std::shared_ptr<GraphModule> module;
  std::string output;
  TensorProgram program;
  Wires inputs, wanted;  // [signals, channels, frames]

  // noises: does every signal hear its own noise, as ScriptWriter's modules do?
  TensorCase(const Graph& graph, const std::string& output, int ticks, int signals, bool noises);
  // By blocks of so many ticks, again and again, over as many ticks as there are. As a share of the peak, or of 1.
  double largest_error(const std::function<torch::Tensor(const Ticks&)>& call, const std::vector<int>& blocks) const;
  Ticks block(int64_t from, int64_t ticks) const;
  torch::Tensor streamed(const std::function<torch::Tensor(const Ticks&)>& call, const std::vector<int>& blocks) const;
};

// Every operation that a graph can hold, causal and with look-ahead: encoders, decoders and wholes.
struct GraphKind {
  Graph graph;
  std::string output;
  int ticks;  // enough to see beyond what it looks ahead
};
std::vector<GraphKind> every_kind_of_graph();

}  // namespace nr
