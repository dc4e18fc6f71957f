// A model as TorchScript, in a file, and the same by the engine.
#pragma once
#include <torch/script.h>

#include <cmath>
#include <sstream>

#include "deploy/tensor_stream.h"
#include "deploy/torchscript.h"

namespace nr {

inline torch::Tensor call(torch::jit::Module& module, const std::string& method, const torch::Tensor& x) {
  const c10::InferenceMode guard;
  return module.get_method(method)({torch::jit::IValue(x)}).toTensor();
}

// Encoder, decoder and whole of one set of weights, in a file.
struct TorchscriptModel {
  explicit TorchscriptModel(bool excited = false, int capacity = 6) {
    RaveV2Config config = small_v3();
    config.capacity = capacity;
    if (excited) config.excitation.bins = 6;
    const std::vector<std::string> names{"rms", "centroid", "pitch", "periodicity"};
    const auto used = excited ? names : std::vector<std::string>{"rms", "centroid"};
    graphs = shipment.model.graphs = describe(config, ControlInputs(used, 16000));
    whole = random_module(graphs.whole);
    shipment.weights = weights_of(*whole);
    shipment.name = "toy", shipment.sample_rate = 16000;
    shipment.model.framing = {16000, 64, 16};
    std::vector<Control>& controls = shipment.model.controls;
    controls = {{"rms", "1", 0.01, 0.5, 1}, {"centroid", "Hz", 200, 3200, 2}};
    if (excited) {
      controls.push_back({"pitch", "Hz", 20, 5120, 2});
      controls.push_back({"periodicity", "1", 0, 1, 0});
    }
    write_torchscript(shipment, file);
  }
  torch::jit::Module load() {
    std::stringstream copy(file.str());
    torch::jit::Module module = torch::jit::load(copy);
    module.eval();
    return module;
  }
  std::vector<float> stream(const Graph& graph, const std::string& output, const torch::Tensor& x,
                            const torch::Tensor& controls) {
    const Lowered program = lower(make_steps(graph, shipment.weights, {output}));
    std::vector<Signal> in;
    for (const nr_port& port : program.inputs)
      in.push_back(is_noise(port) ? Signal{} : to_signal(port.name == std::string("controls") ? controls : x));
    return play(program, in)[0].rows;
  }
  Shipment shipment;
  ModelGraphs graphs;
  std::shared_ptr<GraphModule> whole;
  std::stringstream file;
};

inline std::vector<std::string> texts_of(torch::jit::Module& m, const std::string& method) {
  std::vector<std::string> out;
  for (const torch::jit::IValue& v : m.get_method(method)({}).toListRef()) out.push_back(v.toStringRef());
  return out;
}

}  // namespace nr
