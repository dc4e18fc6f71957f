// From what an encoder knows of a sound to the parameters of what made it.
#pragma once
#include <memory>

#include "nn/flows/amortised.h"
#include "nn/parameter_space.h"
#include "nn/token_velocity.h"

namespace nr {

class Regressor : public torch::nn::Module {
 public:
  // Every column's position, [n, parameters]; of an integer or a choice that of its likeliest level. chance: where the
  // regressor draws.
  virtual torch::Tensor infer(const torch::Tensor& condition, at::Generator chance) = 0;
  // What infer() makes of a condition, a channel a column. Error where the operations of graphs cannot express it.
  virtual Wire describe(DescribedGraph& to, Wire condition) = 0;
};

// What a regressor gives of one batch in training.
struct Inferred {
  torch::Tensor continuous;  // positions [n, continuous]
  torch::Tensor scores;      // [n, scores] of integers' and choices' levels
  torch::Tensor log_det;     // [n]: of the flow; else undefined
};

// A dense network; positions pass a sigmoid, or with the legacy no_sigmoid none.
class DenseRegressor : public Regressor {
 public:
  DenseRegressor(const RegressorConfig& config, const ParameterSpace& space, int64_t condition);
  torch::Tensor infer(const torch::Tensor& condition, at::Generator chance) override;
  Wire describe(DescribedGraph& to, Wire condition) override;
  Inferred forward(const torch::Tensor& condition);

 private:
  ParameterSpace space_;
  bool bounded_;
  torch::nn::Sequential network_;
};

// Regression flow (Esling et al. 2020): v = f(z) + e, e ~ N(0, deviation^2), f an invertible chain of flows and a
// sigmoid from the latent to as many continuous parameters. Integers and choices: a dense network of z. The deviation
// is a parameter, or drawn from a variational posterior as in the published code, whose noise is uniform in place of
// Gaussian and whose KL has the wrong sign; ours have not. With amortisation by a network it is v = f_z(b) + e: the
// flow's weights are of z, and b is drawn from a Gaussian that is learnt; in evaluation mode b is its mean.
class FlowRegressor : public Regressor {
 public:
  FlowRegressor(const RegressorConfig& config, const ParameterSpace& space, int64_t latent_size, uint64_t seed);
  torch::Tensor infer(const torch::Tensor& latent, at::Generator chance) override;
  Wire describe(DescribedGraph& to, Wire condition) override;
  Inferred forward(const torch::Tensor& latent);
  // [continuous]; in training mode drawn where it is variational. Of the targets too: what the loss parameter_kl
  // compares with.
  torch::Tensor deviation() const { return drawn(log_deviation_, log_spread_); }
  torch::Tensor target_deviation() const { return drawn(log_target_deviation_, log_target_spread_); }
  torch::Tensor deviation_kl() const;  // nats a parameter, of both; only where they are variational
  torch::Tensor amortisation_kl() const { return random_->kl(); }  // only where the weights are variational

 private:
  torch::Tensor drawn(const torch::Tensor& mean, const torch::Tensor& log_spread) const;
  torch::Tensor base(int64_t count) const;  // [count, continuous]: what the flow maps where a network gives its weights
  ParameterSpace space_;
  std::shared_ptr<FlowChain> flow_;
  std::shared_ptr<RandomWeights> random_;      // amortisation: variational
  std::shared_ptr<WeightNetwork> network_;     // amortisation: network
  torch::Tensor base_mean_, base_log_spread_;  // with a network: [continuous]
  torch::nn::Sequential scores_;
  torch::Tensor log_deviation_, log_spread_, log_target_deviation_, log_target_spread_;  // spreads: of variational ones
};

// Conditional flow matching (Lipman et al., arXiv:2210.02747, with straight paths): a velocity field carries noise at
// time 0 to the parameters at time 1, given the condition. Parameters are a vector in [-1, 1]: continuous positions,
// then a number for each level of integers and choices. Guidance: Ho and Salimans, arXiv:2207.12598.
class MatchingRegressor : public Regressor {
 public:
  MatchingRegressor(const RegressorConfig& config, const ParameterSpace& space, int64_t condition);
  // config.ode_steps midpoint steps.
  torch::Tensor infer(const torch::Tensor& condition, at::Generator chance) override;
  Wire describe(DescribedGraph& to, Wire condition) override;
  // The vector of positions [n, parameters], and of a mask its entries: [n, width()].
  torch::Tensor vector_of(const torch::Tensor& positions) const;
  torch::Tensor mask_of(const torch::Tensor& mask) const;
  int64_t width() const { return space_.continuous() + space_.scores(); }
  // x [n, width()], time [n, 1]; with: [n, 1], 1 where the condition counts and 0 where it is withheld.
  torch::Tensor velocity(const torch::Tensor& x, const torch::Tensor& time, const torch::Tensor& condition,
                         const torch::Tensor& with);
  const torch::Tensor& assignment() const { return tokens_->assignment(); }  // only of tokens

 private:
  RegressorConfig config_;
  ParameterSpace space_;
  torch::Tensor withheld_;  // in the condition's place
  torch::nn::Sequential condition_, network_;
  std::shared_ptr<TokenVelocity> tokens_;  // in place of network_
};

// condition: width of what it reads. seed: of a flow's permutations.
std::shared_ptr<Regressor> make_regressor(const RegressorConfig& config, const ParameterSpace& space, int64_t condition,
                                          uint64_t seed);

}  // namespace nr
