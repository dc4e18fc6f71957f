// Networks with random weights and what they are fed, for the tests of the deployment line.
#pragma once
#include "deploy/play.h"
#include "deploy/sound.h"
#include "deploy/weights.h"
#include "models/model.h"
#include "nn/graph_module.h"

namespace nr {

RaveConfig small_rave(int bands, int capacity, std::vector<int> ratios, int latent_size, bool causal = true);

RaveV2Config small_v3(bool causal = true);  // snakes, AdaIN slots and noise

// Weights as training would leave them: batch norms and AdaIN slots with statistics of their own.
std::shared_ptr<GraphModule> random_module(const Graph& graph, int seed = 1);
Weights weights_of(const GraphModule& module);

// Random inputs for so many ticks of a graph, by port name.
Wires random_inputs(const Graph& graph, int ticks);
torch::Tensor noise_for(const Node& input, int64_t frames);
std::vector<Signal> in_order(const Steps& steps, const Wires& wires);

}  // namespace nr
