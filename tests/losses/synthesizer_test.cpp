#include "losses/synthesizer.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include <cmath>

#include "nn/flows/flow.h"

namespace nr {
namespace {

struct Given {
  Values values;
  LossSettings settings;
  Parts parts;
  double of(torch::Tensor (*loss)(const LossInput&)) { return loss({values, settings, parts}).item<double>(); }
};

double nats(double x, double mean, double deviation) {
  return -0.5 * std::pow((x - mean) / deviation, 2) - std::log(deviation) - 0.5 * std::log(2 * M_PI);
}

TEST(ParameterLosses, LeaveOutWhatIsMasked) {
  Given g;
  g.values.set("inferred.continuous", torch::tensor({{0.5, 0.9}, {0.1, 0.2}}));
  g.values.set("parameters.continuous", torch::tensor({{0.4, 0.1}, {0.1, 0.4}}));
  g.values.set("parameters.continuous_mask", torch::tensor({{1.0, 0.0}, {1.0, 1.0}}));
  g.values.set("inferred.deviation", torch::tensor({0.1, 0.5}));
  EXPECT_NEAR(g.of(parameter_mse), (0.01 + 0 + 0.04) / 3, 1e-6);
  EXPECT_NEAR(g.of(parameter_gaussian), -(nats(0.5, 0.4, 0.1) + nats(0.1, 0.1, 0.1) + nats(0.2, 0.4, 0.5)) / 3, 1e-5);
}

TEST(ParameterKl, IsThatOfGaussians) {
  Given g;
  g.values.set("inferred.continuous", torch::tensor({{0.5, 0.9}}));
  g.values.set("parameters.continuous", torch::tensor({{0.4, 0.1}}));
  g.values.set("parameters.continuous_mask", torch::tensor({{1.0, 0.0}}));
  g.values.set("inferred.deviation", torch::tensor({0.2, 0.5}));
  g.values.set("inferred.target_deviation", torch::tensor({0.1, 0.5}));
  EXPECT_NEAR(g.of(parameter_kl), std::log(2) + (0.01 + 0.01) / (2 * 0.04) - 0.5, 1e-6);
  g.values.set("inferred.continuous", g.values["parameters.continuous"]);
  g.values.set("inferred.deviation", g.values["inferred.target_deviation"]);
  EXPECT_NEAR(g.of(parameter_kl), 0, 1e-6) << "the same Gaussian";
}

TEST(ParameterPrior, IsThatOfAUnitNormal) {
  Given g;
  g.values.set("inferred.continuous", torch::tensor({{0.5, -1.0}, {2.0, 0.0}}));
  EXPECT_NEAR(g.of(parameter_prior), -(nats(0.5, 0, 1) + nats(1, 0, 1) + nats(2, 0, 1) + nats(0, 0, 1)) / 4, 1e-6);
}

TEST(FlowKl, IsThatOfGaussiansWithoutAFlow) {
  torch::manual_seed(1);
  Given g;
  const auto mean = torch::full({20000, 2, 1}, 0.7, torch::kDouble), std = torch::full_like(mean, 0.5);
  const auto drawn = mean + std * torch::randn_like(mean);
  g.values.set("latent.base", drawn), g.values.set("latent.encoded", drawn);
  g.values.set("latent.log_det", torch::zeros({20000}, torch::kDouble));
  g.values.set("posterior.mean", mean), g.values.set("posterior.std", std);
  EXPECT_NEAR(g.of(flow_kl), 2 * (0.5 * (0.7 * 0.7 + 0.25 - 1) - std::log(0.5)), 0.02);
}

// Two dimensions of three carry tags.
TEST(TagDensity, CountsAKnownTagInItsDimensionOnly) {
  Given g;
  g.values.set("latent", torch::tensor({{-0.8, 0.3, 2.0}, {0.5, 1.2, -1.0}}).unsqueeze(2));
  g.values.set("batch.tags", torch::tensor({{-1.0, 0.0}, {0.0, 1.0}}));
  g.values.set("disentangled.deviation", torch::tensor({{0.2, 0.3}, {0.4, 0.5}}));
  g.values.set("disentangled.log_det", torch::tensor({1.5, 0.5}));
  const double tagged = (nats(-0.8, -1, 0.2) + nats(1.2, 1, 0.5)) / 2;
  const double others = (nats(0.3, 0, 1) + nats(2, 0, 1) + nats(0.5, 0, 1) + nats(-1, 0, 1)) / 2 / 3;
  EXPECT_NEAR(g.of(tag_density), -(10 * tagged + others + 1.0 / 3), 1e-5);
  g.values.set("batch.tags", torch::zeros({2, 2}));
  const double all = (nats(-0.8, 0, 1) + nats(0.3, 0, 1) + nats(2, 0, 1) + nats(0.5, 0, 1) + nats(1.2, 0, 1) +
                      nats(-1, 0, 1)) / 2 / 3;
  EXPECT_NEAR(g.of(tag_density), -(all + 1.0 / 3), 1e-5) << "no tag is known";
}

// The tag lies on a circle, which no single dimension of the latent shows; half of the tags are not known.
TEST(TagDensity, TeachesAFlowToGiveATagADimension) {
  torch::manual_seed(5);
  const auto flow = make_flow({"coupling", 6, 32}, 3, 2);
  auto log_deviation = torch::full({2, 1}, std::log(0.5)).requires_grad_(true);
  std::vector<torch::Tensor> learnt = flow->parameters();
  learnt.push_back(log_deviation);
  torch::optim::Adam adam(learnt, torch::optim::AdamOptions(5e-3));
  const auto tags_of = [](const torch::Tensor& x) {
    return torch::where(x.narrow(1, 0, 2).norm(2, 1) > 1.18, torch::ones({x.size(0)}), -torch::ones({x.size(0)}))
        .unsqueeze(1);
  };
  for (int i = 0; i < 300; ++i) {
    const auto x = torch::randn({128, 3});
    const Mapped mapped = flow->forward(x);
    Given g;
    g.values.set("latent", mapped.value.unsqueeze(2));
    g.values.set("batch.tags", tags_of(x) * (torch::rand({128, 1}) < 0.5));
    g.values.set("disentangled.deviation", log_deviation.clamp(-2.3, 0).exp());
    g.values.set("disentangled.log_det", mapped.log_det);
    adam.zero_grad();
    tag_density({g.values, g.settings, g.parts}).backward();
    adam.step();
  }
  flow->eval();
  const torch::NoGradGuard no_grad;
  const auto x = torch::randn({1000, 3}), tags = tags_of(x);
  const auto right = ((flow->forward(x).value.narrow(1, 0, 1) > 0) == (tags > 0)).to(torch::kFloat).mean();
  EXPECT_GT(right.item<double>(), 0.85);
}

}  // namespace
}  // namespace nr
