#include "deploy/weights.h"

#include "nn/graph_module.h"

namespace nr {
namespace {

std::vector<float> flat(const torch::Tensor& tensor) {
  if (!tensor.defined()) return {};
  const torch::Tensor t = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
}

}  // namespace

void collect(const Network& network, Weights& weights) {
  const auto& module = dynamic_cast<const GraphModule&>(network);
  const auto& nodes = module.graph().nodes();
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].op == NR_BATCH_NORM) {
      const GraphModule::Norm norm = module.norm(int(i));
      weights[nodes[i].name] = {flat(norm.weight), flat(norm.bias), flat(norm.mean), flat(norm.variance)};
    }
    if (nodes[i].op == NR_ADAIN) {
      const GraphModule::Slot slot = module.slot(int(i));
      weights[nodes[i].name] = {flat(slot.target_deviation), flat(slot.target_mean), flat(slot.source_mean),
                                flat(slot.source_deviation.square())};
    }
    if (nodes[i].op == NR_SNAKE) {
      const torch::Tensor rate = module.weight(int(i));
      weights[nodes[i].name] = {flat(rate), flat(1 / (rate + kSnakeEpsilon)), {}, {}};
    }
    if (nodes[i].op == NR_CONV || nodes[i].op == NR_CONV_TRANSPOSE)
      weights[nodes[i].name] = {flat(module.weight(int(i))), flat(module.bias(int(i))), {}, {}};
  }
}

}  // namespace nr
