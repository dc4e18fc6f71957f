// Weights of flows that are not simply learnt (Esling et al. 2020, conditional amortisation). Both write what a flow
// computes with (Flow::weights()); the flow's parameters stay registered with it, and are their middle.
#pragma once
#include <memory>

#include "nn/flows/flow.h"

namespace nr {

// In training mode each weight is drawn from N(parameter, spread^2), else it is the parameter. The published code draws
// uniform noise and subtracts the divergence; here noise is Gaussian and the divergence is a loss.
class RandomWeights : public torch::nn::Module {
 public:
  explicit RandomWeights(std::shared_ptr<Flow> flow);
  void draw();
  torch::Tensor kl() const;  // to N(0, 1), mean nats a weight

 private:
  std::shared_ptr<Flow> flow_;  // not registered here
  std::vector<torch::Tensor> means_;
  torch::Tensor log_spread_;  // [all weights]
};

// Of every example others: the parameter plus what two dense layers of 512 make of its condition.
class WeightNetwork : public torch::nn::Module {
 public:
  WeightNetwork(std::shared_ptr<Flow> flow, int64_t condition);
  void give(const torch::Tensor& condition);  // [n, condition]

 private:
  std::shared_ptr<Flow> flow_;  // not registered here
  std::vector<torch::Tensor> means_;
  torch::nn::Sequential network_;
};

}  // namespace nr
