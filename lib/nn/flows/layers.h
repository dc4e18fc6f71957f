// The layers of flows. d: dimensions. The weights of a planar flow, a Sylvester flow and a batch normalisation may also
// be others for every example: [n, ...].
#pragma once
#include "nn/flows/flow.h"

namespace nr {

// x + u tanh(w x + b), with u . w kept above -1, so that it is invertible (arXiv:1505.05770, eq. 10 and appendix A.1).
// Its inverse is found by bisection along w.
class PlanarFlow : public Flow {
 public:
  explicit PlanarFlow(int64_t d);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  std::vector<torch::Tensor*> weights() override;
  Wire describe(DescribedGraph& to, Wire x) const override;

 private:
  torch::Tensor invertible_u() const;
  torch::Tensor u_, w_, b_;
};

// Half of the vector is scaled and shifted by what a network reads from the other half (RealNVP, arXiv:1605.08803, eq.
// 7); log-scales are within -2 and 2.
class CouplingFlow : public Flow {
 public:
  CouplingFlow(int64_t d, int64_t width);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  std::vector<torch::Tensor*> weights() override;
  Wire describe(DescribedGraph& to, Wire x) const override;

 private:
  std::pair<torch::Tensor, torch::Tensor> scale_and_shift(const torch::Tensor& kept);
  int64_t kept_, moved_;
  torch::nn::Sequential network_;
};

// Numbers for each dimension, computed from the dimensions before it only (MADE, arXiv:1502.03509).
class Made : public torch::nn::Module {
 public:
  // each: numbers a dimension.
  Made(int64_t d, int64_t width, int64_t each = 2);
  torch::Tensor numbers(const torch::Tensor& x);                              // [n, each, d]
  std::pair<torch::Tensor, torch::Tensor> forward(const torch::Tensor& x);  // the first two: [n, d]
  std::vector<torch::Tensor*> weights() { return {&in_->weight, &in_->bias, &out_->weight, &out_->bias}; }
  std::vector<Wire> describe(DescribedGraph& to, Wire x) const;  // each number, of all dimensions

 private:
  int64_t each_;
  torch::nn::Linear in_{nullptr}, out_{nullptr};
  torch::Tensor in_mask_, out_mask_;
};

// y = gate x + (1 - gate) m, gate = sigmoid(s + 2): the inverse autoregressive flow's stable form (arXiv:1606.04934,
// eq. 14); narrow: gate = sigmoid(exp(s) + 2), as the published Flow synthesizer has it. Or y = (x - m) exp(-s), s
// within -3 and 3: the masked autoregressive flow (arXiv:1705.07057, eq. 3). m and s of each dimension are of the
// dimensions of x before it, so the inverse takes d passes.
class AutoregressiveFlow : public Flow {
 public:
  enum class Form { kGated, kNarrow, kAffine };
  AutoregressiveFlow(Form form, int64_t d, int64_t width);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  std::vector<torch::Tensor*> weights() override;
  Wire describe(DescribedGraph& to, Wire x) const override;

 private:
  torch::Tensor logit_of(const torch::Tensor& s) const;  // of the gate
  Form form_;
  std::shared_ptr<Made> made_;
};

// Of one batch, in logarithms where numbers are positive: slopes a and places b [n, sigmoids, ...], rows of mix (w)
// [n, out, sigmoids, ...] and spread (u) [n, sigmoids, in, ...] that are normalised.
struct RisingLayer {
  torch::Tensor log_slopes, places, log_mix, log_spread;
};

// x + R tanh(S x + b) with upper triangular R and S, whose diagonals lie in (-1, 1), so that it is invertible
// (triangular Sylvester flow, arXiv:1803.05649, eq. 13; its orthogonal matrices are the permutations between layers).
// The inverse goes from the last dimension to the first, each by bisection.
class SylvesterFlow : public Flow {
 public:
  explicit SylvesterFlow(int64_t d);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  std::vector<torch::Tensor*> weights() override;
  Wire describe(DescribedGraph& to, Wire x) const override;

 private:
  std::pair<torch::Tensor, torch::Tensor> triangles() const;
  torch::Tensor r_, s_, b_;
};

// Each dimension passes rising layers whose numbers are computed from the dimensions before it: h' = logit(w
// sigmoid(a (u h) + b)), with rows of w and u that are positive and add up to 1. One layer: the deep sigmoidal flow
// (arXiv:1804.00779, eq. 8), whose u is 1. More: the dense one (eq. 9 and 10), of kSigmoids units between two layers;
// of its w and u, one number a unit depends on the dimensions before, and a matrix of logarithms beside it is learnt.
// The inverse: d passes, each by bisection.
class SigmoidalFlow : public Flow {
 public:
  static constexpr int64_t kSigmoids = 8;
  SigmoidalFlow(int64_t d, int64_t width, int64_t layers = 1);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  std::vector<torch::Tensor*> weights() override;

 private:
  std::vector<RisingLayer> rising(const torch::Tensor& numbers) const;
  std::shared_ptr<Made> made_;
  std::vector<torch::Tensor> mix_, spread_;  // [out, kSigmoids] and, behind the first layer, [kSigmoids, in]
};

// (x - mean) / deviation, scaled and shifted (arXiv:1605.08803, section 3.7): in training mode of the batch, else of
// running statistics with momentum 0.95. The log-determinant takes the statistics for constants.
class BatchNormFlow : public Flow {
 public:
  static constexpr double kVarianceFloor = 1e-5;  // is added
  explicit BatchNormFlow(int64_t d);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  std::vector<torch::Tensor*> weights() override;
  Wire describe(DescribedGraph& to, Wire x) const override;

 private:
  torch::Tensor log_scale_, shift_, mean_, variance_;
};

class PermutationFlow : public Flow {
 public:
  // order: y[i] = x[order[i]].
  explicit PermutationFlow(const std::vector<int64_t>& order);
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  Wire describe(DescribedGraph& to, Wire x) const override;

 private:
  torch::Tensor order_, back_;
};

// Into (0, 1).
class SigmoidFlow : public Flow {
 public:
  Mapped forward(const torch::Tensor& x) override;
  Mapped inverse(const torch::Tensor& y) override;
  Wire describe(DescribedGraph& to, Wire x) const override;
};

}  // namespace nr
