// Networks with random weights and their inputs as LibTorch holds them, to compare a stream with what it computes.
#pragma once
#include "deploy/random_network.h"
#include "deploy/sound.h"
#include "nn/graph_module.h"

namespace nr {

// Weights as training would leave them: batch norms and AdaIN slots with statistics of their own.
std::shared_ptr<GraphModule> random_module(const Graph& graph, int seed = 1);
Weights weights_of(const GraphModule& module);

// Random inputs for so many ticks of a graph, by port name.
Wires random_inputs(const Graph& graph, int ticks);
torch::Tensor noise_for(const Node& input, int64_t frames);
std::vector<Signal> in_order(const Steps& steps, const Wires& wires);

}  // namespace nr
