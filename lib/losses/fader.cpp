#include "losses/fader.h"

#include <torch/torch.h>

#include <cmath>

#include "nn/discriminators.h"

namespace nr {
namespace {

torch::Tensor logits(const LossInput& in, const torch::Tensor& latent, bool learns) {
  return part<LatentDiscriminator>(in.parts, "latent_discriminator").forward(latent, learns);
}

torch::Tensor cross_entropy(const LossInput& in, const torch::Tensor& logits) {
  return torch::nn::functional::cross_entropy(logits, in.values["batch.classes"]);
}

}  // namespace

torch::Tensor fader_discriminator(const LossInput& in) {
  return cross_entropy(in, logits(in, in.values["latent"].detach(), true));
}

torch::Tensor fader_confusion(const LossInput& in) {
  const auto guess = logits(in, in.values["latent"], false);
  return -cross_entropy(in, guess).clamp_max(std::log(double(guess.size(1))));
}

torch::Tensor fader_uniform(const LossInput& in) {
  return -torch::log_softmax(logits(in, in.values["latent"], false), 1).mean();
}

torch::Tensor fader_reversal(const LossInput& in) {
  const auto& z = in.values["latent"];
  return cross_entropy(in, logits(in, 2 * z.detach() - z, true));  // z itself, to the bit, with a gradient of -1
}

}  // namespace nr
