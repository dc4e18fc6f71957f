// The mel VAE: whole notes as mel spectrograms, one latent a note.
#include "systems/autoencoder.h"

namespace nr {
namespace {

class MelVaeSystem : public AutoencoderSystem {
 public:
  using AutoencoderSystem::AutoencoderSystem;

  void produce(const Batch& batch, Random&, Values& values) override {
    produce_latent(batch, "target.mel", values);
    values.add({"decoded.mel"}, [this, &values, controls = batch.controls] {
      return std::vector<torch::Tensor>{model_->decode(values["latent"], controls).bands};
    });
  }

  const char* selected_by() const override { return "mel_mse"; }
};

std::vector<ValueOffer> mel_vae_values(const RunConfig& config) {
  std::vector<ValueOffer> out = latent_values(config);
  for (const char* name : {"target.mel", "decoded.mel"}) out.push_back({name, ""});
  return out;
}

void check_mel_vae(const RunConfig& config, const config::Located& at) {
  check_autoencoder(config, 1, at);
  const auto& model = std::get<MelVaeConfig>(config.model);
  if (model.sample_rate != config.data.sample_rate)
    at.fail("model.sample_rate", ": ", model.sample_rate, " must be data.sample_rate (", config.data.sample_rate,
            "): the bands of a mel_vae are made for one rate");
  if (config.training.batch * (config.data.segment / hop(model)) < 2)
    at.fail("training.batch", ": ", config.training.batch,
            ", but a mel_vae normalises by the batch and needs 2 latents in it");
}

std::unique_ptr<System> make_mel_vae(const RunConfig& config, const std::filesystem::path&) {
  return std::make_unique<MelVaeSystem>(config);
}

}  // namespace

SystemKind mel_vae_system() {
  return {"mel_vae", {{"encoder", true}, {"decoder", true}, {"latent_discriminator"}}, mel_vae_values,
          check_mel_vae, make_mel_vae};
}

}  // namespace nr
