// What a prior learns of processes whose entropy is known.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <functional>

#include "generation/sampler.h"
#include "nn/prior.h"
#include "training/adam.h"

namespace nr {
namespace {

using RandomProcess = std::function<torch::Tensor()>;  // -> [batch, dimensions, frames]

constexpr int kBatch = 16, kFrames = 64;

double entropy_of_normal(double deviation) { return 0.5 * std::log(2 * M_PI * M_E) + std::log(deviation); }  // nats

torch::Tensor autoregressive(double coefficient) {  // of unit variance
  torch::Tensor x = torch::randn({kBatch, 1, kFrames});
  const double innovation = std::sqrt(1 - coefficient * coefficient);
  for (int t = 1; t < kFrames; ++t) x.select(2, t).mul_(innovation).add_(x.select(2, t - 1), coefficient);
  return x;
}

std::shared_ptr<Prior> learn(const RandomProcess& process, int dimensions, int together, int steps) {
  torch::manual_seed(3);
  PriorConfig config;
  config.width = 16, config.kernel = 2, config.dilations = {1, 2}, config.mixtures = 3, config.together = together;
  auto prior = std::make_shared<Prior>(config, dimensions, 64);
  std::vector<torch::Tensor> many;
  for (int i = 0; i < 32; ++i) many.push_back(process());
  prior->measure(torch::cat(many));
  std::vector<std::pair<std::string, torch::Tensor>> parameters;
  for (const auto& item : prior->named_parameters()) parameters.emplace_back(item.key(), item.value());
  Adam optimiser(parameters, {0.9, 0.999});
  for (int step = 0; step < steps; ++step) {
    optimiser.backward(prior->nats(process()).mean());
    optimiser.step(0.01 * (1.02 - double(step) / steps));
  }
  return prior;
}

// Of the values themselves rather than of their levels, a dimension.
std::vector<double> density_nats(Prior& prior, const RandomProcess& process) {
  const torch::NoGradGuard no_grad;
  torch::Tensor sum = torch::zeros({prior.dimensions()});
  for (int i = 0; i < 32; ++i) sum += prior.nats(process()) / 32;
  std::vector<double> out;
  for (int d = 0; d < prior.dimensions(); ++d) {
    const PriorRange range = prior.ranges()[d];
    out.push_back(sum[d].item<double>() +
                  std::log(range.deviation * (range.high - range.low) / (prior.config().levels - 1)));
  }
  return out;
}

TEST(PriorLearns, AnAutoregressiveProcessDownToItsEntropyAndDrawsItAgain) {
  const auto process = [] { return autoregressive(0.9); };
  const auto prior = learn(process, 1, 1, 400);
  const double entropy = (entropy_of_normal(1) + (kFrames - 1) * entropy_of_normal(std::sqrt(0.19))) / kFrames;
  const double found = density_nats(*prior, process)[0];
  RecordProperty("nats", std::to_string(found));
  EXPECT_NEAR(found, entropy, 0.04 * entropy) << "of a process without its past: " << entropy_of_normal(1);

  const std::vector<float> drawn = draw_curves(*prior, 6000, {1, 5}, {{}})[0];
  double square = 0, product = 0;
  for (size_t t = 1; t < drawn.size(); ++t) square += drawn[t] * drawn[t], product += drawn[t] * drawn[t - 1];
  EXPECT_NEAR(product / square, 0.9, 0.03);
  EXPECT_NEAR(square / double(drawn.size()), 1, 0.25);
}

TEST(PriorLearns, WhatADimensionOwesToAnotherInItsOwnFrameByTheDiagonalShiftOnly) {
  const auto process = [] {
    const torch::Tensor first = torch::randn({kBatch, 1, kFrames});
    return torch::cat({first, first + 0.1 * torch::randn_like(first)}, 1);
  };
  const auto shifted = density_nats(*learn(process, 2, 1, 500), process),
             together = density_nats(*learn(process, 2, 2, 200), process);
  EXPECT_NEAR(shifted[0], entropy_of_normal(1), 0.05);
  EXPECT_NEAR(shifted[1], entropy_of_normal(0.1), 0.15);
  EXPECT_NEAR(together[1], entropy_of_normal(1), 0.05);
}

}  // namespace
}  // namespace nr
