#include "nn/bernoulli_vae.h"

namespace nr {

BernoulliVae::BernoulliVae(int64_t pixels, int64_t hidden, int64_t latent_size)
    : in_(register_module("in", torch::nn::Linear(pixels, hidden))),
      mean_(register_module("mean", torch::nn::Linear(hidden, latent_size))),
      log_variance_(register_module("log_variance", torch::nn::Linear(hidden, latent_size))),
      out_(register_module("out", torch::nn::Linear(latent_size, hidden))),
      pixels_(register_module("pixels", torch::nn::Linear(hidden, pixels))) {}

VariationalBound BernoulliVae::forward(const torch::Tensor& images) {
  const auto h = torch::tanh(in_->forward(images)), mean = mean_->forward(h), log_variance = log_variance_->forward(h);
  const auto z = mean + torch::exp(log_variance / 2) * torch::randn_like(mean);
  const auto logits = pixels_->forward(torch::tanh(out_->forward(z)));
  const auto nats = torch::clamp_min(logits, 0) - logits * images + torch::log1p(torch::exp(-logits.abs()));
  return {nats.sum(1), (mean.square() + log_variance.exp() - 1 - log_variance).sum(1) / 2};
}

torch::Tensor BernoulliVae::encode(const torch::Tensor& images) {
  return mean_->forward(torch::tanh(in_->forward(images)));
}

torch::Tensor BernoulliVae::decode(const torch::Tensor& latent) {
  return torch::sigmoid(pixels_->forward(torch::tanh(out_->forward(latent))));
}

int active_units(const torch::Tensor& means) {
  return int((means.var(0, false) > 0.01).sum().item<int64_t>());
}

}  // namespace nr
