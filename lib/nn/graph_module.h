// Trains a Graph: LibTorch walks its nodes in order. Parameters are named "<node>.weight" with '.' written as '/'.
#pragma once
#include <functional>
#include <vector>

#include "graph/graph.h"
#include "nn/convolution.h"
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
  // Of an adain node, [channels] each; written to by who adapts the model. 0, 1, 0, 1: it passes through.
  struct Slot {
    torch::Tensor source_mean, source_deviation, target_mean, target_deviation;
  };
  Slot slot(int node) const { return handles_[node].slot; }
  // From now on hears what comes to every adain node, [batch, channels, frames], in training or not. Empty: nobody
  // does.
  void listen(std::function<void(const Node&, const torch::Tensor&)> listener) { listener_ = std::move(listener); }
  const Graph& graph() const { return graph_; }

 private:
  struct Handles {  // kept per node: named_parameters() builds a dictionary a call
    torch::Tensor weight, gain, bias, mean, variance;
    Slot slot;
    bool passes = false;       // a leaky ReLU that only convolutions read: they apply it
    std::vector<int> film_of;  // the last sum of a FiLM: the nodes of its input, and of its scales and shifts
    bool skipped = false;      // what lies between them
  };
  void find_fused();
  ConvolutionLayer layer(size_t node) const;  // of a convolution

  Graph graph_;
  std::vector<Handles> handles_;
  std::function<void(const Node&, const torch::Tensor&)> listener_;
};

}  // namespace nr
