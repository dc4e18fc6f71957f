// Trained modules that were not built from a graph, as a graph whose weights are known: what ships of them. Of dense
// layers on vectors: every convolution has one tap. What the operations lack is made of what they have.
#pragma once
#include <torch/torch.h>

#include <map>
#include <string>
#include <utility>

#include "graph/graph.h"

namespace nr {

class DescribedGraph {
 public:
  Graph graph;
  std::map<std::string, std::pair<torch::Tensor, torch::Tensor>> weights;  // of convolutions: [out, in], [out]

  // matrix x + offset; [out, in], [out]
  Wire affine(const std::string& name, Wire x, const torch::Tensor& matrix, const torch::Tensor& offset);
  // The same numbers in every frame, as many as `values` [channels] has, at the rate of x.
  Wire constant(Wire x, const torch::Tensor& values);
  Wire scaled(Wire x, double gain);
  Wire shifted(Wire x, double by);
  Wire difference(Wire a, Wire b) { return graph.add(a, scaled(b, -1)); }
  // e^x of x <= 0, as a series of sigmoids: relative error 1e-7.
  Wire exponential(Wire x);
  Wire elu(Wire x);
  // Linear, BatchNorm (folded), ReLU, ELU; dropout passes. Error for other layers.
  Wire dense(Wire x, const torch::nn::Sequential& network);
  // The number, of `values` [channels], of the channel that is highest; within 1e-4 of a tie one between the two.
  Wire of_highest(Wire x, const torch::Tensor& values);
};

}  // namespace nr
