// A network's layers, for tables.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace nr {

struct LayerCost {
  // "encoder/down1/conv", "convolution", "64 → 128, kernel 8, stride 4"
  std::string name, operation, shape;
  int hop = 1;                                      // audio samples a frame of its output
  int64_t parameters = 0, training_parameters = 0;  // as in Measure (graph/passes.h)
  double macs_per_sample = 0;
};

// What computes, in order. Activations, which cost little, are left out.
std::vector<LayerCost> layers(const Graph& graph);

}  // namespace nr
