// What the directions of an effects space need beyond an encoder, a decoder and a regressor.
#pragma once
#include <torch/torch.h>

#include <vector>

#include "nn/parameter_space.h"

namespace nr {

// Which effect it is and how it is set, as a network is given it: [n, scores + continuous] of positions and mask
// [n, parameters]. Choices are one-hot; what is not known is 0.
torch::Tensor effect_vector(const ParameterSpace& space, const torch::Tensor& positions, const torch::Tensor& mask);

// Where an effect moves the latent: linear, so that each parameter has a direction. The part `map`.
class EffectMap : public torch::nn::Module {
 public:
  EffectMap(int64_t effect, int64_t reserved);
  torch::Tensor forward(const torch::Tensor& effect);  // [n, effect] -> [n, reserved]

 private:
  torch::nn::Linear linear_{nullptr};
};

// Is a latent drawn from the aggregate posterior, or from the product of its dimensions' marginals? (FactorVAE,
// arXiv:1802.05983.) The part `critic`.
class LatentCritic : public torch::nn::Module {
 public:
  LatentCritic(int64_t latent_size, const std::vector<int>& widths);
  torch::Tensor forward(const torch::Tensor& latent);  // [n, latent_size] -> log-odds of the posterior [n]

 private:
  torch::nn::Sequential network_;
};

// Every dimension of [n, d] shuffled over the examples by itself: as if drawn from the product of the marginals.
torch::Tensor shuffle_dimensions(const torch::Tensor& latent);

}  // namespace nr
