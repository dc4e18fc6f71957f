#include "nn/regressors.h"

#include <cmath>

#include "base/error.h"
#include "nn/flows/layers.h"
#include "nn/spectrogram.h"

namespace nr {
namespace {

namespace nn = torch::nn;

constexpr int kTimeFeatures = 16;

// Sines and cosines of the time at octaves: [n, 16].
torch::Tensor time_features(const torch::Tensor& time) {
  const auto octaves = torch::pow(2, torch::arange(kTimeFeatures / 2, time.options())) * M_PI;
  return torch::cat({torch::sin(time * octaves), torch::cos(time * octaves)}, 1);
}

}  // namespace

DenseRegressor::DenseRegressor(const SynthesizerConfig& c, const ParameterSpace& space, int64_t condition)
    : space_(space) {
  const int64_t last = add_dense_layers(network_, condition, c.regressor_widths, c.dropout);
  network_->push_back(nn::Linear(last, space.continuous() + space.scores()));
  register_module("network", network_);
}

Inferred DenseRegressor::forward(const torch::Tensor& condition) {
  const auto all = network_->forward(condition);
  return {torch::sigmoid(all.narrow(1, 0, space_.continuous())),
          all.narrow(1, space_.continuous(), space_.scores()), {}};
}

torch::Tensor DenseRegressor::infer(const torch::Tensor& condition, at::Generator) {
  const Inferred found = forward(condition);
  return space_.join(found.continuous, found.scores);
}

FlowRegressor::FlowRegressor(const SynthesizerConfig& c, const ParameterSpace& space, int64_t latent_size,
                             uint64_t seed)
    : space_(space), flow_(make_flow(c.flow, space.continuous(), seed)) {
  if (latent_size != space.continuous())
    fail("model.latent_size: ", latent_size, " must be the number of continuous parameters, ", space.continuous(),
         ": a flow maps one onto the other");
  flow_->add(std::make_shared<SigmoidFlow>());
  register_module("flow", flow_);
  if (space.scores() > 0) {
    const int64_t last = add_dense_layers(scores_, latent_size, c.regressor_widths, c.dropout);
    scores_->push_back(nn::Linear(last, space.scores()));
  }
  register_module("scores", scores_);
  log_deviation_ = register_parameter("log_deviation", torch::full({space.continuous()}, std::log(0.25)));
}

Inferred FlowRegressor::forward(const torch::Tensor& latent) {
  const Mapped mapped = flow_->forward(latent);
  return {mapped.value, scores_->is_empty() ? latent.narrow(1, 0, 0) : scores_->forward(latent), mapped.log_det};
}

torch::Tensor FlowRegressor::infer(const torch::Tensor& latent, at::Generator) {
  const Inferred found = forward(latent);
  return space_.join(found.continuous, found.scores);
}

torch::Tensor FlowRegressor::deviation() const { return log_deviation_.clamp(-5, 2).exp(); }

MatchingRegressor::MatchingRegressor(const SynthesizerConfig& c, const ParameterSpace& space, int64_t condition)
    : config_(c), space_(space), withheld_(register_parameter("withheld", torch::zeros({1, condition}))) {
  if (c.regressor_widths.empty()) fail("model.regressor_widths is empty: a velocity field needs a hidden layer");
  const int64_t wide = c.regressor_widths.front();
  condition_ = nn::Sequential(nn::Linear(condition, wide), nn::SiLU());
  int64_t in = width() + kTimeFeatures + wide;
  for (const int64_t out : c.regressor_widths) {
    network_->push_back(nn::Linear(in, out));
    network_->push_back(nn::SiLU());
    in = out;
  }
  network_->push_back(nn::Linear(in, width()));
  register_module("condition", condition_);
  register_module("network", network_);
}

torch::Tensor MatchingRegressor::vector_of(const torch::Tensor& positions) const {
  return 2 * torch::cat({space_.of_continuous(positions), space_.one_hot(positions)}, 1) - 1;
}

torch::Tensor MatchingRegressor::mask_of(const torch::Tensor& mask) const {
  return torch::cat({space_.of_continuous(mask), space_.spread(mask)}, 1);
}

torch::Tensor MatchingRegressor::velocity(const torch::Tensor& x, const torch::Tensor& time,
                                          const torch::Tensor& condition, const torch::Tensor& with) {
  const auto known = condition_->forward(with * condition + (1 - with) * withheld_);
  return network_->forward(torch::cat({x, time_features(time), known}, 1));
}

torch::Tensor MatchingRegressor::infer(const torch::Tensor& condition, at::Generator chance) {
  const int64_t n = condition.size(0);
  auto x = torch::randn({n, width()}, chance).to(condition.device());
  const auto with = torch::ones({n, 1}, x.options()), without = torch::zeros_like(with);
  const auto field = [&](const torch::Tensor& at, double time) {
    const auto t = torch::full({n, 1}, time, x.options());
    const auto given = velocity(at, t, condition, with);
    if (config_.guidance == 1) return given;
    const auto free = velocity(at, t, condition, without);
    return free + config_.guidance * (given - free);
  };
  const double step = 1.0 / config_.ode_steps;
  for (int i = 0; i < config_.ode_steps; ++i) {
    const auto middle = x + step / 2 * field(x, i * step);
    x = x + step * field(middle, (i + 0.5) * step);
  }
  const auto all = (x + 1) / 2;
  return space_.join(all.narrow(1, 0, space_.continuous()).clamp(0, 1),
                     all.narrow(1, space_.continuous(), space_.scores()));
}

}  // namespace nr
