#include "nn/autoencoder.h"

namespace nr {

Autoencoder::Autoencoder(const ModelConfig& config, int controls) : config_(config), graphs_(describe(config, controls)) {
  encoder_ = register_module("encoder", std::make_shared<GraphModule>(graphs_.encoder));
  decoder_ = register_module("decoder", std::make_shared<GraphModule>(graphs_.decoder));
  synthesis_ = register_module("synthesis", std::make_shared<GraphModule>(graphs_.synthesis));
}

Autoencoder::Encoded Autoencoder::encode(const torch::Tensor& audio) {
  Wires out = encoder_->run({{"audio", audio}});
  return {out["bands"], {out["mean"], out.count("scale") ? torch::softplus(out["scale"]) + 1e-4 : torch::Tensor()}};
}

Autoencoder::Decoded Autoencoder::decode(const torch::Tensor& latent, const torch::Tensor& controls) {
  Wires inputs{{"latent", latent}};
  if (graphs_.controls) inputs["controls"] = controls;
  Wires out = decoder_->run(inputs);
  return {out["bands"], out["audio"]};
}

torch::Tensor Autoencoder::synthesise(const torch::Tensor& bands) { return synthesis_->run({{"bands", bands}})["audio"]; }

}  // namespace nr
