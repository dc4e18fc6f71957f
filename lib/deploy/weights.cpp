#include "deploy/weights.h"

#include "nn/floats.h"
#include "nn/graph_module.h"

namespace nr {
namespace {


}  // namespace

void collect(const Network& network, Weights& weights) {
  const auto& module = dynamic_cast<const GraphModule&>(network);
  const auto& nodes = module.graph().nodes();
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].op == NR_BATCH_NORM) {
      const GraphModule::Norm norm = module.norm(int(i));
      weights[nodes[i].name] = {floats_of(norm.weight), floats_of(norm.bias), floats_of(norm.mean),
                                floats_of(norm.variance)};
    }
    if (nodes[i].op == NR_ADAIN) {
      const GraphModule::Slot slot = module.slot(int(i));
      weights[nodes[i].name] = {floats_of(slot.target_deviation), floats_of(slot.target_mean),
                                floats_of(slot.source_mean), floats_of(slot.source_deviation.square())};
    }
    if (nodes[i].op == NR_SNAKE) {
      const torch::Tensor rate = module.weight(int(i));
      weights[nodes[i].name] = {floats_of(rate), floats_of(1 / (rate + kSnakeEpsilon)), {}, {}};
    }
    if (nodes[i].op == NR_CONV || nodes[i].op == NR_CONV_TRANSPOSE)
      weights[nodes[i].name] = {floats_of(module.weight(int(i))), floats_of(module.bias(int(i))), {}, {}};
  }
}

}  // namespace nr
