#include "nn/effects.h"

namespace nr {

torch::Tensor effect_vector(const ParameterSpace& space, const torch::Tensor& positions, const torch::Tensor& mask) {
  return torch::cat({space.one_hot(positions) * space.spread(mask),
                     space.of_continuous(positions) * space.of_continuous(mask)}, 1);
}

EffectMap::EffectMap(int64_t effect, int64_t reserved)
    : linear_(register_module("linear", torch::nn::Linear(torch::nn::LinearOptions(effect, reserved).bias(false)))) {}

torch::Tensor EffectMap::forward(const torch::Tensor& effect) { return linear_->forward(effect); }

LatentCritic::LatentCritic(int64_t latent_size, const std::vector<int>& widths) {
  int64_t in = latent_size;
  for (const int64_t out : widths) {
    network_->push_back(torch::nn::Linear(in, out));
    network_->push_back(torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)));
    in = out;
  }
  network_->push_back(torch::nn::Linear(in, 1));
  register_module("network", network_);
}

torch::Tensor LatentCritic::forward(const torch::Tensor& latent) { return network_->forward(latent).squeeze(1); }

torch::Tensor shuffle_dimensions(const torch::Tensor& latent) {
  return latent.gather(0, torch::rand_like(latent).argsort(int64_t(0)));
}

}  // namespace nr
