// Normalising flows: invertible maps of vectors whose log-determinants are known (Rezende and Mohamed,
// arXiv:1505.05770).
#pragma once
#include <torch/torch.h>

#include <memory>
#include <vector>

#include "models/regressor.h"
#include "nn/described.h"

namespace nr {

struct Mapped {
  torch::Tensor value, log_det;  // [n, d]; [n]: ln |det d value / d input|
};

class Flow : public torch::nn::Module {
 public:
  virtual Mapped forward(const torch::Tensor& x) = 0;  // [n, d]
  // In evaluation mode inverse(forward(x).value) is x, with minus its log-determinant.
  virtual Mapped inverse(const torch::Tensor& y) = 0;
  // The tensors it computes with: its parameters, until others are put in their place (nn/flows/amortised.h).
  virtual std::vector<torch::Tensor*> weights() { return {}; }
  // What forward() makes of x in evaluation mode. Error where the operations of graphs cannot express it.
  virtual Wire describe(DescribedGraph& to, Wire x) const;
};

// One after another.
class FlowChain : public Flow {
 public:
  void add(std::shared_ptr<Flow> flow);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  std::vector<torch::Tensor*> weights() override;
  Wire describe(DescribedGraph& to, Wire x) const override;

 private:
  std::vector<std::shared_ptr<Flow>> flows_;
};

// config.length layers of its kind; between two of them a batch normalisation and a permutation: of an iaf, a
// coupling, a sylvester and a dense_sigmoidal_shuffled a random one, of the others the reverse. seed: of the
// permutations.
std::shared_ptr<FlowChain> make_flow(const FlowConfig& config, int64_t dimensions, uint64_t seed);

// ln N(x; 0, I): [n].
torch::Tensor log_unit_normal(const torch::Tensor& x);

}  // namespace nr
