// The learned numbers of a graph by node name, as plain floats: all that lowering needs of LibTorch.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace nr {

class Network;

struct NodeWeights {
  // Torch's layout, weight norm folded. Batch norm: gain and offset. snake: a and 1 / a. adain: the target's deviation
  // and mean.
  std::vector<float> weight, bias;
  std::vector<float> mean, variance;  // batch norm: running statistics, epsilon included; adain: the source's
};
using Weights = std::map<std::string, NodeWeights>;

// Adds the module's nodes; an encoder's and a decoder's together make the whole model's.
void collect(const Network& network, Weights& weights);

}  // namespace nr
