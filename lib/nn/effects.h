// What the directions of an effects space need beyond an encoder, a decoder and a regressor.
#pragma once
#include <torch/torch.h>

#include <memory>
#include <vector>

#include "nn/conditioning.h"
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

// What an effect changes in every frame of a sound, seen with its neighbours: what the bottleneck of the latent would
// lose. Two convolutions over frames, whose channels FiLM (arXiv:1709.07871) scales and shifts by the effect. The part
// `frames`.
class FrameTransfer : public torch::nn::Module {
 public:
  FrameTransfer(int64_t mels, int64_t condition);
  // [n, mels, frames] and [n, condition] -> what is added to the sound [n, mels, frames]; at first nothing.
  torch::Tensor forward(const torch::Tensor& spectrogram, const torch::Tensor& condition);

 private:
  std::vector<torch::nn::Conv1d> layers_;
  std::vector<std::shared_ptr<DenseFilm>> films_;
  torch::nn::Conv1d last_{nullptr};
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
