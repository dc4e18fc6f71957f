#include "nn/conditioning.h"

namespace nr {
namespace {

// Gives `value` whatever it is given.
torch::nn::Linear constant(int64_t in, int64_t out, double value) {
  torch::nn::Linear layer(in, out);
  torch::nn::init::zeros_(layer->weight);
  torch::nn::init::constant_(layer->bias, value);
  return layer;
}

}  // namespace

DenseFilm::DenseFilm(int64_t condition, int64_t size)
    : gamma(register_module("gamma", constant(condition, size, 0))),
      delta(register_module("delta", constant(condition, size, 0))) {}

torch::Tensor DenseFilm::forward(const torch::Tensor& h, const torch::Tensor& c) {
  return h * (1 + gamma->forward(c)) + delta->forward(c);
}

ConditionalNorm::ConditionalNorm(int64_t condition, int64_t channels)
    : sigma(register_module("sigma", constant(condition, channels, 1))),
      mu(register_module("mu", constant(condition, channels, 0))) {}

torch::Tensor ConditionalNorm::forward(const torch::Tensor& x, const torch::Tensor& c) {
  const auto mean = x.mean({2, 3}, true), variance = (x - mean).square().mean({2, 3}, true);
  const auto normal = (x - mean) / (variance + 1e-8).sqrt();
  const auto as_channels = [](const torch::Tensor& t) { return t.unsqueeze(2).unsqueeze(3); };
  return normal * as_channels(sigma->forward(c)) + as_channels(mu->forward(c));
}

}  // namespace nr
