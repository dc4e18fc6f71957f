#include "losses/fader.h"

#include <torch/torch.h>

#include <cmath>

namespace nr {
namespace {

torch::Tensor prediction(const LossInput& in, const torch::Tensor& latent, bool learns) {
  return torch::nn::functional::cross_entropy(in.latent_discriminator->forward(latent, learns), in.batch.classes);
}

}  // namespace

torch::Tensor attribute_prediction(const LossInput& in) { return prediction(in, in.outputs.latent.detach(), true); }

torch::Tensor fader_confusion(const LossInput& in) {
  const auto logits = in.latent_discriminator->forward(in.outputs.latent, false);
  return -torch::nn::functional::cross_entropy(logits, in.batch.classes).clamp_max(std::log(double(logits.size(1))));
}

torch::Tensor fader_uniform(const LossInput& in) {
  return -torch::log_softmax(in.latent_discriminator->forward(in.outputs.latent, false), 1).mean();
}

torch::Tensor fader_reversal(const LossInput& in) {
  const auto& z = in.outputs.latent;
  return prediction(in, 2 * z.detach() - z, true);  // z itself, to the bit, with a gradient of -1
}

}  // namespace nr
