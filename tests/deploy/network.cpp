#include "deploy/network.h"

namespace nr {

RaveConfig small_rave(int bands, int capacity, std::vector<int> ratios, int latent_size, bool causal) {
  RaveConfig c;
  c.bands = bands, c.capacity = capacity, c.ratios = std::move(ratios), c.latent_size = latent_size, c.causal = causal;
  c.attenuation_db = 60;
  return c;
}

std::shared_ptr<GraphModule> random_module(const Graph& graph, int seed) {
  torch::manual_seed(seed);
  auto module = std::make_shared<GraphModule>(graph);
  torch::NoGradGuard no_grad;
  for (auto& item : module->named_parameters())
    if (item.value().dim() > 1) item.value().mul_(1.5);
  for (auto& item : module->named_buffers()) {
    const std::string& name = item.key();
    if (name.size() > 5 && name.substr(name.size() - 5) == "/mean") item.value().normal_(0, 0.1);
    if (name.size() > 9 && name.substr(name.size() - 9) == "/variance") item.value().uniform_(0.3, 2.0);
  }
  module->eval();
  return module;
}

Weights weights_of(const GraphModule& module) {
  Weights weights;
  collect(module, weights);
  return weights;
}

Wires random_inputs(const Graph& graph, int ticks) {
  Wires wires;
  for (const Port& port : graph.inputs()) {
    const Node& n = graph.nodes()[port.id];
    wires[port.name] = torch::randn({1, n.channels, int64_t(ticks) * graph.hop() / n.hop}).clamp(-3, 3) * (n.hop == 1 ? 0.2 : 0.7);
  }
  return wires;
}

std::vector<Signal> in_order(const Steps& steps, const Wires& wires) {
  std::vector<Signal> signals;
  for (const StepPort& port : steps.inputs) signals.push_back(to_signal(wires.at(port.name)));
  return signals;
}

}  // namespace nr
