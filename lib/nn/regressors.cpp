#include "nn/regressors.h"

#include <cmath>

#include "base/error.h"
#include "base/names.h"
#include "nn/flows/layers.h"
#include "nn/ranks.h"
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

// continuous, scores: of as many channels as the space has of them, or none. -> a channel a column.
Wire join(DescribedGraph& to, const ParameterSpace& space, Wire continuous, Wire scores) {
  auto order = torch::zeros({space.size(), space.size()});
  Wire all = continuous;
  int64_t known = 0, found = space.continuous(), score = 0;
  for (int64_t c = 0; c < space.size(); ++c) {
    const int levels = space.columns()[size_t(c)].levels();
    order[c][levels ? found++ : known++] = 1;
    if (levels == 0) continue;
    const Wire level = to.of_highest(to.graph.slice(scores, int(score), levels), torch::linspace(0, 1, levels));
    all = all.id < 0 ? level : to.graph.concat(all, level);
    score += levels;
  }
  return score ? to.affine("columns", all, order, torch::zeros({space.size()})) : all;
}

}  // namespace

DenseRegressor::DenseRegressor(const RegressorConfig& c, const ParameterSpace& space, int64_t condition)
    : space_(space), bounded_(!contains(c.legacy, "no_sigmoid")) {
  const int64_t last = add_dense_layers(network_, condition, c.regressor_widths, dense_options(c));
  network_->push_back(nn::Linear(last, space.continuous() + space.scores()));
  register_module("network", network_);
}

Inferred DenseRegressor::forward(const torch::Tensor& condition) {
  const auto all = network_->forward(condition);
  const auto positions = all.narrow(1, 0, space_.continuous());
  return {bounded_ ? torch::sigmoid(positions) : positions,
          all.narrow(1, space_.continuous(), space_.scores()), {}};
}

torch::Tensor DenseRegressor::infer(const torch::Tensor& condition, at::Generator) {
  const Inferred found = forward(condition);
  return space_.join(found.continuous.clamp(0, 1), found.scores);
}

Wire DenseRegressor::describe(DescribedGraph& to, Wire condition) {
  if (!bounded_) fail("a regression without a sigmoid (model.legacy: no_sigmoid) does not ship");
  const Wire all = to.dense(condition, network_);
  const int continuous = int(space_.continuous()), scores = int(space_.scores());
  return join(to, space_, continuous ? to.graph.sigmoid(to.graph.slice(all, 0, continuous)) : Wire{},
              scores ? to.graph.slice(all, continuous, scores) : Wire{});
}

FlowRegressor::FlowRegressor(const RegressorConfig& c, const ParameterSpace& space, int64_t latent_size,
                             uint64_t seed)
    : space_(space), flow_(make_flow(c.flow, space.continuous(), seed)) {
  if (c.amortisation != "network" && latent_size != space.continuous())
    fail("model.latent_size: ", latent_size, " must be the number of continuous parameters, ", space.continuous(),
         ": a flow maps one onto the other");
  flow_->add(std::make_shared<SigmoidFlow>());
  register_module("flow", flow_);
  if (c.amortisation == "variational")
    random_ = register_module("random_weights", std::make_shared<RandomWeights>(flow_));
  if (c.amortisation == "network") {
    network_ = register_module("weight_network", std::make_shared<WeightNetwork>(flow_, latent_size));
    base_mean_ = register_parameter("base_mean", torch::zeros({space.continuous()}));
    base_log_spread_ = register_parameter("base_log_spread", torch::zeros({space.continuous()}));
  }
  if (space.scores() > 0) {
    const int64_t last = add_dense_layers(scores_, latent_size, c.regressor_widths, dense_options(c));
    scores_->push_back(nn::Linear(last, space.scores()));
  }
  register_module("scores", scores_);
  log_deviation_ = register_parameter("log_deviation", torch::full({space.continuous()}, std::log(0.25)));
  if (c.deviation != "variational") return;
  log_target_deviation_ = register_parameter("log_target_deviation", log_deviation_.detach().clone());
  for (auto* spread : {&log_spread_, &log_target_spread_})
    *spread = register_parameter(spread == &log_spread_ ? "log_spread" : "log_target_spread",
                                 torch::full({space.continuous()}, std::log(1e-2)));
}

Inferred FlowRegressor::forward(const torch::Tensor& latent) {
  if (random_) random_->draw();
  if (network_) network_->give(latent);
  const Mapped mapped = flow_->forward(network_ ? base(latent.size(0)) : latent);
  return {mapped.value, scores_->is_empty() ? latent.narrow(1, 0, 0) : scores_->forward(latent), mapped.log_det};
}

torch::Tensor FlowRegressor::base(int64_t count) const {
  const auto mean = base_mean_.expand({count, base_mean_.size(0)});
  return is_training() ? mean + base_log_spread_.exp() * normal_like(mean) : mean;
}

torch::Tensor FlowRegressor::infer(const torch::Tensor& latent, at::Generator) {
  const Inferred found = forward(latent);
  return space_.join(found.continuous, found.scores);
}

Wire FlowRegressor::describe(DescribedGraph& to, Wire condition) {
  if (network_) fail("a flow whose weights a network gives (model.amortisation: network) does not ship");
  if (random_) random_->draw();
  return join(to, space_, flow_->describe(to, condition),
              scores_->is_empty() ? Wire{} : to.dense(condition, scores_));
}

torch::Tensor FlowRegressor::drawn(const torch::Tensor& mean, const torch::Tensor& log_spread) const {
  const bool draws = log_spread.defined() && is_training();
  return (draws ? mean + log_spread.exp() * torch::randn_like(mean) : mean).clamp(-5, 2).exp();
}

torch::Tensor FlowRegressor::deviation_kl() const {
  const auto kl = [](const torch::Tensor& mean, const torch::Tensor& log_spread) {
    return (0.5 * (mean.square() + (2 * log_spread).exp() - 1) - log_spread).mean();
  };
  return kl(log_deviation_, log_spread_) + kl(log_target_deviation_, log_target_spread_);
}

MatchingRegressor::MatchingRegressor(const RegressorConfig& c, const ParameterSpace& space, int64_t condition)
    : config_(c), space_(space), withheld_(register_parameter("withheld", torch::zeros({1, condition}))) {
  if (c.regressor_widths.empty()) fail("model.regressor_widths is empty: a velocity field needs a hidden layer");
  const int64_t wide = c.regressor_widths.front();
  condition_ = nn::Sequential(nn::Linear(condition, wide), nn::SiLU());
  register_module("condition", condition_);
  if (c.velocity == "tokens") {
    tokens_ = register_module("tokens", std::make_shared<TokenVelocity>(c, width(), kTimeFeatures + wide));
    return;
  }
  int64_t in = width() + kTimeFeatures + wide;
  for (const int64_t out : c.regressor_widths) {
    network_->push_back(nn::Linear(in, out));
    network_->push_back(nn::SiLU());
    in = out;
  }
  network_->push_back(nn::Linear(in, width()));
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
  if (tokens_) return tokens_->forward(x, torch::cat({time_features(time), known}, 1));
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

Wire MatchingRegressor::describe(DescribedGraph&, Wire) {
  fail("a regressor of the kind matching does not ship: it draws its answer in many steps");
}

std::shared_ptr<Regressor> make_regressor(const RegressorConfig& c, const ParameterSpace& space, int64_t condition,
                                          uint64_t seed) {
  if (c.regressor == "flow") return std::make_shared<FlowRegressor>(c, space, condition, seed);
  if (c.regressor == "matching") return std::make_shared<MatchingRegressor>(c, space, condition);
  return std::make_shared<DenseRegressor>(c, space, condition);
}

}  // namespace nr
