#include "deploy/part.h"

#include "nn/floats.h"

namespace nr {
namespace {

// y = C (x - mean), and back: x = C^T y + mean.
void add_components(const LatentSpace& space, int kept, Weights& weights) {
  const torch::Tensor rows = space.components.narrow(0, 0, kept);
  weights["latent/components"] = {floats_of(rows), floats_of(-torch::mv(rows, space.mean)), {}, {}};
  weights["latent/basis"] = {floats_of(rows.t()), floats_of(space.mean), {}, {}};
}

// Of a sound: the latent as the part knows it, and as the model's own decoder takes it.
struct Latent {
  torch::Tensor shipped, whole;
};
Latent latent_of(const ExportPart& part, const TrainedModel& trained, const TestSound& sound) {
  const torch::Tensor mean = trained.model->encode(sound.audio).posterior.mean;
  if (!part.components) return {mean, mean};
  const torch::Tensor kept = trained.space.project(mean, part.components);
  return {kept, trained.space.restore(kept)};
}

}  // namespace

ExportPart make_part(const TrainedModel& trained, const std::string& name, int components) {
  const torch::NoGradGuard no_grad;
  Autoencoder& model = *trained.model;
  const ModelGraphs graphs = describe(model.config(), model.graphs().inputs, components);
  const Graph& graph = name == "encoder" ? graphs.encoder : name == "whole" ? graphs.whole : graphs.decoder;
  ExportPart part{name, graph, graphs, {}, "audio", components, 0};
  if (name == "encoder") part.output = "mean";
  if (name == "whole") part.delay = graphs.delay;
  collect(model.encoder(), part.weights);
  collect(model.decoder(), part.weights);
  if (components) add_components(trained.space, components, part.weights);
  return part;
}

TestSound as_heard_by(const Lowered& program, const TrainedModel& trained, TestSound sound) {
  const int pitch = trained.model->graphs().inputs.pitch;
  if (pitch < 0 || !sound.controls.defined()) return sound;
  sound.controls = sound.controls.clone();
  for (int64_t t = 0; t < sound.controls.size(2); ++t)
    sound.controls[0][pitch][t] = counted_pitch(program, sound.controls[0][pitch][t].item<float>());
  return sound;
}

Wires inputs_of(const ExportPart& part, const TrainedModel& trained, const TestSound& sound) {
  const torch::NoGradGuard no_grad;
  if (part.name == "encoder") return {{"audio", sound.audio}};
  Wires inputs;
  const Latent latent = latent_of(part, trained, sound);
  if (part.name == "whole")
    inputs["audio"] = sound.audio;
  else
    inputs["latent"] = latent.shipped;
  if (trained.model->graphs().controls) inputs["controls"] = sound.controls;
  if (const torch::Tensor noise = trained.model->noise(latent.whole); noise.defined()) inputs["noise"] = noise;
  return inputs;
}

torch::Tensor output_of(const ExportPart& part, const TrainedModel& trained, const TestSound& sound) {
  const torch::NoGradGuard no_grad;
  const Latent latent = latent_of(part, trained, sound);
  return part.name == "encoder" ? latent.shipped : trained.model->decode(latent.whole, sound.controls).audio;
}

}  // namespace nr
