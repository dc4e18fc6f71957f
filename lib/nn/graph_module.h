// Trains a Graph: LibTorch walks its nodes in order. Parameters are named "<node>.weight" with '.' written as '/'.
#pragma once
#include <vector>

#include "graph/graph.h"
#include "nn/network.h"

namespace nr {

constexpr double kSnakeEpsilon = 1e-9;  // 1 / (a + epsilon): a learned a may come close to 0

class GraphModule : public Network {
 public:
  explicit GraphModule(Graph graph);
  // Error when an input is missing or has another width or rate.
  Wires run(const Wires& inputs) override;
  torch::Tensor weight(int node) const;  // weight norm folded; torch's layout
  torch::Tensor bias(int node) const;    // undefined when the node has none
  struct Norm {
    torch::Tensor weight, bias, mean, variance;
  };
  Norm norm(int node) const;             // of a batch_norm node
  const Graph& graph() const { return graph_; }

 private:
  struct Handles {  // kept per node: named_parameters() builds a dictionary a call
    torch::Tensor weight, gain, bias, mean, variance;
  };
  Graph graph_;
  std::vector<Handles> handles_;
};

}  // namespace nr
