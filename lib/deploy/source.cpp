#include "deploy/source.h"

#include "base/error.h"

namespace nr {
namespace {

// How many principal components stand for the latent; 0: the latent as it was trained.
int components_of(const ExportConfig& config, const TrainedModel& trained) {
  if (!config.latents && !config.fidelity) return 0;
  if (config.part == "whole")
    fail("--latents and --fidelity are for the encoder and the decoder: the whole model has no latent outside");
  if (config.latents && config.fidelity) fail("--latents and --fidelity say the same in two ways: give one");
  if (!trained.space.known())
    fail(config.run,
         ": its checkpoint holds no principal components (trained by an older version): export the whole latent");
  const int size = trained.model->graphs().latent_size;
  if (config.latents > size) fail("--latents ", config.latents, ": the model has ", size);
  return config.latents ? config.latents : trained.space.components_for(config.fidelity);
}

std::vector<Control> controls_of(const TrainedModel& trained) {
  std::vector<Control> out;
  for (const Scale& scale : trained.scales)
    out.push_back({scale.descriptor, scale.unit(), scale.physical(-1), scale.physical(1), int(scale.warp())});
  return out;
}

// A part of an autoencoder, on sound.
class AutoencoderSource : public ExportSource {
 public:
  // prior: of the run that is exported, with the model that it was trained on; null: a model by itself.
  AutoencoderSource(const ExportConfig& config, const std::filesystem::path& stream, std::shared_ptr<const Prior> prior)
      : trained_(load_stream(stream)),
        sounds_(test_sounds(trained_, config.audio, config.seconds)),
        part_(make_part(trained_, config.part, components_of(config, trained_))) {
    part = part_.name, step = trained_.step, sample_rate = trained_.config.data.sample_rate;
    graph = part_.graph, weights = part_.weights, output = part_.output, delay = part_.delay;
    const DescriptorConfig& d = trained_.config.descriptors;
    model = {part_.graphs, controls_of(trained_), {sample_rate, d.window, d.hop}, std::move(prior)};
    if (part != "encoder") controls = model.controls;
    components = part_.components, latent_size = trained_.model->graphs().latent_size;
    if (components) fidelity = trained_.space.fidelity(components);
    calibrated_on = sounds_.calibration.source, scored_on = sounds_.scored.source;
  }

  Wires calibration() const override {
    return calibration_set(inputs_of(part_, trained_, sounds_.calibration));
  }
  Scored scored(const Lowered& program) const override {
    const TestSound sound = as_heard_by(program, trained_, sounds_.scored);
    const torch::Tensor wanted = output_of(part_, trained_, sound);
    return {inputs_of(part_, trained_, sound), wanted};
  }

 private:
  const TrainedModel trained_;
  const Sounds sounds_;
  const ExportPart part_;
};

}  // namespace

std::unique_ptr<ExportSource> open_source(const ExportConfig& config) {
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(config.run));
  const ModelConfig model = run_config_of(checkpoint).model;
  if (std::holds_alternative<SynthesizerConfig>(model)) return parameter_source(config, checkpoint);
  if (!std::holds_alternative<PriorConfig>(model) || config.target != "torchscript")
    return std::make_unique<AutoencoderSource>(config, config.run, nullptr);
  if (config.latents || config.fidelity)
    fail(config.run, ": a prior draws the whole latent: export it without --latents and --fidelity");
  TrainedPrior trained = load_prior(config.run);
  return std::make_unique<AutoencoderSource>(config, trained.base_file, std::move(trained.prior));
}

}  // namespace nr
