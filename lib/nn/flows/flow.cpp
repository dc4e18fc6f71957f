#include "nn/flows/flow.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/names.h"
#include "base/random.h"
#include "nn/flows/layers.h"

namespace nr {
namespace {

constexpr int64_t kDenseLayers = 2;  // of a dense sigmoidal flow

std::shared_ptr<Flow> make_layer(const FlowConfig& c, int64_t d) {
  if (c.kind == "planar") return std::make_shared<PlanarFlow>(d);
  if (c.kind == "coupling") return std::make_shared<CouplingFlow>(d, c.width);
  if (c.kind == "maf") return std::make_shared<AutoregressiveFlow>(AutoregressiveFlow::Form::kAffine, d, c.width);
  if (c.kind == "iaf") return std::make_shared<AutoregressiveFlow>(AutoregressiveFlow::Form::kGated, d, c.width);
  if (c.kind == "iaf_narrow")
    return std::make_shared<AutoregressiveFlow>(AutoregressiveFlow::Form::kNarrow, d, c.width);
  if (c.kind == "sylvester") return std::make_shared<SylvesterFlow>(d);
  if (c.kind == "sigmoidal") return std::make_shared<SigmoidalFlow>(d, c.width);
  if (c.kind == "dense_sigmoidal" || c.kind == "dense_sigmoidal_shuffled")
    return std::make_shared<SigmoidalFlow>(d, c.width, kDenseLayers);
  fail("no flow named '", c.kind, "'");
}

std::vector<int64_t> order_of(const FlowConfig& c, int64_t d, Random random) {
  std::vector<int64_t> out(static_cast<size_t>(d));
  std::iota(out.begin(), out.end(), 0);
  std::reverse(out.begin(), out.end());
  if (contains({"iaf", "iaf_narrow", "coupling", "sylvester", "dense_sigmoidal_shuffled"}, c.kind))
    for (size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

}  // namespace

Wire Flow::describe(DescribedGraph&, Wire) const {
  fail("a flow of this kind does not ship: those of planar, coupling, maf, iaf and sylvester layers do");
}

void FlowChain::add(std::shared_ptr<Flow> flow) {
  register_module(text(flows_.size()), flow);
  flows_.push_back(std::move(flow));
}

Mapped FlowChain::forward(const torch::Tensor& x) {
  Mapped out{x, torch::zeros({x.size(0)}, x.options())};
  for (const auto& flow : flows_) {
    const Mapped next = flow->forward(out.value);
    out = {next.value, out.log_det + next.log_det};
  }
  return out;
}

Mapped FlowChain::inverse(const torch::Tensor& y) {
  Mapped out{y, torch::zeros({y.size(0)}, y.options())};
  for (auto flow = flows_.rbegin(); flow != flows_.rend(); ++flow) {
    const Mapped next = (*flow)->inverse(out.value);
    out = {next.value, out.log_det + next.log_det};
  }
  return out;
}

std::vector<torch::Tensor*> FlowChain::weights() {
  std::vector<torch::Tensor*> out;
  for (const auto& flow : flows_)
    for (torch::Tensor* weight : flow->weights()) out.push_back(weight);
  return out;
}

Wire FlowChain::describe(DescribedGraph& to, Wire x) const {
  for (const auto& flow : flows_) x = flow->describe(to, x);
  return x;
}

std::shared_ptr<FlowChain> make_flow(const FlowConfig& config, int64_t dimensions, uint64_t seed) {
  auto out = std::make_shared<FlowChain>();
  for (int i = 0; i < config.length; ++i) {
    out->add(make_layer(config, dimensions));
    if (i + 1 == config.length) break;
    out->add(std::make_shared<BatchNormFlow>(dimensions));
    out->add(std::make_shared<PermutationFlow>(order_of(config, dimensions, Random(seed, i))));
  }
  return out;
}

torch::Tensor log_unit_normal(const torch::Tensor& x) {
  return -0.5 * (x.square() + std::log(2 * M_PI)).sum(1);
}

}  // namespace nr
