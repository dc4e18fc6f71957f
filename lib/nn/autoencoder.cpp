#include "nn/autoencoder.h"

#include "export/runtime/noise.h"
#include "nn/graph_module.h"
#include "nn/mel_vae.h"
#include "nn/ranks.h"

namespace nr {

Autoencoder::Autoencoder(const AutoencoderConfig& config, const ControlInputs& controls)
    : config_(config), graphs_(describe(config, controls)) {
  if (const auto* mel = std::get_if<MelVaeConfig>(&config)) {
    encoder_ = std::make_shared<MelEncoder>(*mel);
    decoder_ = std::make_shared<MelDecoder>(*mel, controls.count);
    synthesis_ = std::make_shared<MelSynthesis>(*mel);
  } else {
    encoder_ = std::make_shared<GraphModule>(graphs_.encoder);
    decoder_ = std::make_shared<GraphModule>(graphs_.decoder);
    synthesis_ = std::make_shared<GraphModule>(graphs_.synthesis);
  }
  register_module("encoder", encoder_);
  register_module("decoder", decoder_);
  register_module("synthesis", synthesis_);
}

Autoencoder::Encoded Autoencoder::encode(const torch::Tensor& audio) {
  Wires out = encoder_->run({{"audio", audio}});
  return {out["bands"], posterior(latent_of(config_), out["mean"], out["scale"])};
}

Autoencoder::Decoded Autoencoder::decode(const torch::Tensor& latent, const torch::Tensor& controls) {
  Wires inputs{{"latent", latent}};
  if (graphs_.controls) inputs["controls"] = controls;
  if (const torch::Tensor excitation = noise(latent); excitation.defined()) inputs["noise"] = excitation;
  Wires out = decoder_->run(inputs);
  return {out["bands"], out["audio"]};
}

torch::Tensor Autoencoder::play(const torch::Tensor& latent, const torch::Tensor& controls) {
  const torch::NoGradGuard no_grad;
  const Decoded out = decode(latent, controls);
  return out.audio.defined() ? out.audio : synthesise(out.bands);
}

torch::Tensor Autoencoder::noise(const torch::Tensor& latent) const {
  for (const Port& port : graphs_.decoder.inputs()) {
    if (port.name != "noise") continue;
    const Node& n = graphs_.decoder.nodes()[port.id];
    const int64_t batch = latent.size(0), frames = latent.size(-1) * graphs_.hop / n.hop;
    const torch::TensorOptions like = latent.options().requires_grad(false);
    if (is_training()) return 2 * uniform_of({batch, n.channels, frames}, like) - 1;
    Noise drawn;
    std::vector<float> rows(size_t(frames) * n.channels);
    for (float& x : rows) x = drawn() / 32768.0f;
    return torch::tensor(rows).reshape({1, frames, n.channels}).transpose(1, 2).expand({batch, -1, -1}).to(like);
  }
  return {};
}

torch::Tensor Autoencoder::synthesise(const torch::Tensor& bands) {
  return synthesis_->run({{"bands", bands}})["audio"];
}

}  // namespace nr
