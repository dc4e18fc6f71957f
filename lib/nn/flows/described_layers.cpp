// Layers of flows as graphs, for exports.
#include <cmath>

#include "base/error.h"
#include "nn/flows/layers.h"

namespace nr {

Wire PlanarFlow::describe(DescribedGraph& to, Wire x) const {
  const auto u = invertible_u();
  const Wire bent = to.graph.tanh(to.affine("along", x, w_.unsqueeze(0), b_));
  return to.graph.add(x, to.affine("bent", bent, u.unsqueeze(1), torch::zeros_like(u)));
}

Wire CouplingFlow::describe(DescribedGraph& to, Wire x) const {
  Graph& g = to.graph;
  const int kept = int(kept_), moved = int(moved_);
  const Wire still = g.slice(x, 0, kept), both = to.dense(still, network_);
  const Wire half = g.tanh(to.scaled(g.slice(both, 0, moved), 0.5));  // of the log-scale
  const Wire scale = to.scaled(to.exponential(to.shifted(to.scaled(half, 2), -2)), std::exp(2.0));
  return g.concat(still, g.add(g.mul(g.slice(x, kept, moved), scale), g.slice(both, moved, moved)));
}

std::vector<Wire> Made::describe(DescribedGraph& to, Wire x) const {
  const Wire hidden = to.elu(to.affine("made", x, in_->weight * in_mask_, in_->bias));
  std::vector<Wire> out;
  const int64_t d = in_->weight.size(1);
  for (int64_t i = 0; i < each_; ++i)
    out.push_back(to.affine("numbers", hidden, (out_->weight * out_mask_).narrow(0, i * d, d),
                            out_->bias.narrow(0, i * d, d)));
  return out;
}

Wire AutoregressiveFlow::describe(DescribedGraph& to, Wire x) const {
  Graph& g = to.graph;
  if (form_ == Form::kNarrow) fail("a flow of the kind iaf_narrow does not ship: its gate is e^s of any s");
  const std::vector<Wire> numbers = made_->describe(to, x);
  const Wire m = numbers[0], s = numbers[1], apart = to.difference(x, m);
  if (form_ == Form::kGated) return g.add(m, g.mul(apart, g.sigmoid(to.shifted(s, 2))));
  const Wire bounded = g.tanh(to.scaled(s, 1 / 3.0));  // a third of it
  return g.mul(apart, to.scaled(to.exponential(to.shifted(to.scaled(bounded, -3), -3)), std::exp(3.0)));
}

Wire SylvesterFlow::describe(DescribedGraph& to, Wire x) const {
  const auto [r, s] = triangles();
  const Wire bent = to.graph.tanh(to.affine("along", x, s, b_));
  return to.graph.add(x, to.affine("bent", bent, r, torch::zeros_like(b_)));
}

Wire BatchNormFlow::describe(DescribedGraph& to, Wire x) const {
  const auto gain = log_scale_.exp() / (variance_ + kVarianceFloor).sqrt();
  return to.affine("norm", x, torch::diag(gain), shift_ - gain * mean_);
}

Wire PermutationFlow::describe(DescribedGraph& to, Wire x) const {
  const auto order = order_.to(torch::kLong);
  return to.affine("permutation", x, torch::eye(order.size(0)).index_select(0, order), torch::zeros({order.size(0)}));
}

Wire SigmoidFlow::describe(DescribedGraph& to, Wire x) const { return to.graph.sigmoid(x); }

}  // namespace nr
