// Networks with random weights, their inputs, and what an export makes of them, all without LibTorch.
#pragma once
#include "deploy/shipment.h"
#include "models/model.h"

namespace nr {

RaveConfig small_rave(int bands, int capacity, std::vector<int> ratios, int latent_size, bool causal = true);

RaveV2Config small_v3(bool causal = true);  // snakes, AdaIN slots and noise

// Weights as training would leave them. A node has the same in every graph that holds one of its name and shape.
Weights random_weights(const Graph& graph, int seed);

// For so many ticks, in the order of the program's inputs.
std::vector<Signal> random_signals(const Steps& steps, int ticks, int seed);

// The first output over all ticks, by the boards' stream; of an integer program in its own numbers.
std::vector<float> play_as_a_board(const Lowered& lowered, const std::vector<Signal>& inputs);

Peaks peaks_of(const Steps& steps, const std::vector<Signal>& inputs);

// The graph's audio as it would be exported: calibrated on inputs of 20 ticks, which are also the test vector. Two
// controls.
Shipment ship(const Graph& graph, const Weights& weights, nr_precision precision, const std::string& name = "toy");

}  // namespace nr
