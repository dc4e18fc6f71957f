#include "nn/effects.h"

#include "base/error.h"

namespace nr {

torch::Tensor effect_vector(const ParameterSpace& space, const torch::Tensor& positions, const torch::Tensor& mask) {
  return torch::cat({space.one_hot(positions) * space.spread(mask),
                     space.of_continuous(positions) * space.of_continuous(mask)}, 1);
}

EffectMap::EffectMap(int64_t effect, int64_t reserved)
    : linear_(register_module("linear", torch::nn::Linear(torch::nn::LinearOptions(effect, reserved).bias(false)))) {}

torch::Tensor EffectMap::forward(const torch::Tensor& effect) { return linear_->forward(effect); }

FrameTransfer::FrameTransfer(int64_t mels, int64_t condition) {
  constexpr int64_t kWider = 4, kLayers = 2;
  const auto convolution = [](int64_t in, int64_t out) {
    return torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, 3).padding(1));
  };
  int64_t in = mels;
  for (int64_t i = 0; i < kLayers; ++i) {
    layers_.push_back(register_module(text("layer", i), convolution(in, kWider * mels)));
    films_.push_back(register_module(text("film", i), std::make_shared<DenseFilm>(condition, kWider * mels)));
    in = kWider * mels;
  }
  last_ = register_module("last", convolution(in, mels));
  torch::nn::init::zeros_(last_->weight), torch::nn::init::zeros_(last_->bias);
}

torch::Tensor FrameTransfer::forward(const torch::Tensor& spectrogram, const torch::Tensor& condition) {
  torch::Tensor h = spectrogram;
  for (size_t i = 0; i < layers_.size(); ++i) {
    h = films_[i]->forward(layers_[i]->forward(h).transpose(1, 2), condition.unsqueeze(1)).transpose(1, 2);
    h = torch::leaky_relu(h, 0.2);
  }
  return last_->forward(h);
}

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
