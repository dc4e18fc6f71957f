#include "deploy/network.h"

namespace nr {

std::shared_ptr<GraphModule> random_module(const Graph& graph, int seed) {
  torch::manual_seed(seed);
  auto module = std::make_shared<GraphModule>(graph);
  torch::NoGradGuard no_grad;
  for (auto& item : module->named_parameters())
    if (item.value().dim() > 1) item.value().mul_(1.5);
  for (auto& item : module->named_parameters()) {
    if (item.key().find("/snake/") != std::string::npos) item.value().uniform_(0.4, 2.5);
    if (item.key().find("/noise") != std::string::npos && item.value().dim() == 1)
      item.value().fill_(-0.5);  // to be heard
  }
  for (auto& item : module->named_buffers()) {
    const std::string name = item.key().substr(item.key().rfind('/') + 1);
    if (name == "mean") item.value().normal_(0, 0.1);
    if (name == "variance") item.value().uniform_(0.3, 2.0);
    if (name == "source_deviation" || name == "target_deviation") item.value().uniform_(0.6, 1.5);
    if (name == "source_mean" || name == "target_mean") item.value().normal_(0, 0.3);
  }
  module->eval();
  return module;
}

Weights weights_of(const GraphModule& module) {
  Weights weights;
  collect(module, weights);
  return weights;
}

torch::Tensor noise_for(const Node& input, int64_t frames) { return torch::rand({1, input.channels, frames}) * 2 - 1; }

Wires random_inputs(const Graph& graph, int ticks) {
  Wires wires;
  for (const Port& port : graph.inputs()) {
    const Node& n = graph.nodes()[port.id];
    const int64_t frames = int64_t(ticks) * graph.hop() / n.hop;
    const bool noise = port.name == "noise";
    wires[port.name] =
        noise ? noise_for(n, frames) : torch::randn({1, n.channels, frames}).clamp(-3, 3) * (n.hop == 1 ? 0.2 : 0.7);
  }
  return wires;
}

std::vector<Signal> in_order(const Steps& steps, const Wires& wires) {
  std::vector<Signal> signals;
  for (const StepPort& port : steps.inputs) signals.push_back(to_signal(wires.at(port.name)));
  return signals;
}

}  // namespace nr
