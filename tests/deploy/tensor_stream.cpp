#include "deploy/tensor_stream.h"

#include "export/runtime/noise.h"
#include "graph/passes.h"

namespace nr {
namespace {

// What a stream draws, from another number on for every signal.
torch::Tensor drawn(const Node& input, int64_t signals, int64_t frames, bool different) {
  torch::Tensor rows = torch::empty({signals, frames, input.channels});
  for (int64_t i = 0; i < signals; ++i) {
    uint32_t state = 1 + (different ? uint32_t(i) * 2654435769u : 0);
    float* to = rows[i].data_ptr<float>();
    for (int64_t k = 0; k < frames * input.channels; ++k) {
      state = state * kNoiseFactor + kNoiseTerm;
      to[k] = float(int16_t(state >> 16)) / 32768;
    }
  }
  return rows.transpose(1, 2).contiguous();
}

}  // namespace

TensorCase::TensorCase(const Graph& g, const std::string& name, int ticks, int signals, bool noises)
    : graph(prune(g, {name})), module(random_module(graph)), output(name) {
  const torch::NoGradGuard no_grad;
  program = make_tensor_program(make_steps(graph, weights_of(*module), {name}));
  for (int i = 0; i < signals; ++i)
    for (auto& [port, wire] : random_inputs(graph, ticks))
      inputs[port] = inputs.count(port) ? torch::cat({inputs[port], wire}) : wire;
  for (auto& [port, wire] : inputs)
    if (port == "noise") wire = drawn(graph.in(port), signals, wire.size(2), noises);
  wanted = module->run(inputs);
}

Ticks TensorCase::block(int64_t from, int64_t ticks) const {
  Ticks out;
  for (const TensorPort& port : program.inputs)
    out[port.name] = inputs.at(port.name).narrow(2, from * port.frames, ticks * port.frames).contiguous();
  return out;
}

torch::Tensor TensorCase::streamed(const std::function<torch::Tensor(const Ticks&)>& call,
                                   const std::vector<int>& blocks) const {
  const TensorPort& first = program.inputs[0];
  const int64_t ticks = inputs.at(first.name).size(2) / first.frames;
  std::vector<torch::Tensor> heard;
  int64_t at = 0;
  for (size_t i = 0; at < ticks; ++i) {
    const int64_t count = std::min<int64_t>(blocks[i % blocks.size()], ticks - at);
    heard.push_back(call(block(at, count)));
    at += count;
  }
  return torch::cat(heard, 2);
}

double TensorCase::largest_error(const std::function<torch::Tensor(const Ticks&)>& call,
                                 const std::vector<int>& blocks) const {
  const torch::Tensor heard = streamed(call, blocks), whole = wanted.at(output);
  const int64_t hop = graph.out(output).hop, late = program.latency / hop,
                end = whole.size(2) - (late ? measure(graph).receptive_field / hop + 1 : 0);
  EXPECT_EQ(heard.sizes(), whole.sizes());
  EXPECT_GT(end - late, whole.size(2) / 4);
  if (late) {
    EXPECT_EQ(heard.narrow(2, 0, late).abs().max().item<float>(), 0);
  }
  const double error = (heard.narrow(2, late, end - late) - whole.narrow(2, 0, end - late)).abs().max().item<double>();
  return error / std::max(1.0, whole.abs().max().item<double>());
}

std::vector<GraphKind> every_kind_of_graph() {
  std::vector<GraphKind> out;
  for (const bool causal : {true, false}) {
    RaveConfig v1 = small_rave(4, 6, {4, 2}, 5, causal), sphere = small_rave(8, 4, {2, 2}, 5, causal);
    sphere.latent = SphericalLatent{};
    RaveV2Config v3 = small_v3(causal), excited = small_v3(causal);
    v1.film = 3, excited.excitation.bins = 6, excited.noise.ratios = {};
    const ControlInputs controls({"rms", "periodicity", "pitch"}, 16000);
    for (const ModelGraphs& g : {describe(v1, 2), describe(sphere, 0), describe(v3, 2), describe(excited, controls)}) {
      out.push_back({g.encoder, "mean", causal ? 40 : 130});
      for (const Graph& graph : {g.decoder, g.whole}) out.push_back({graph, "audio", causal ? 40 : 130});
    }
  }
  return out;
}

}  // namespace nr
