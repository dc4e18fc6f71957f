#include "losses/fader.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "nn/discriminators.h"

namespace nr {
namespace {

// In double precision, and without batch statistics where gradients are differenced.
struct FaderSetting {
  static constexpr int kClasses = 3;
  Values values;
  LossSettings settings;
  std::shared_ptr<LatentDiscriminator> discriminator;
  Parts parts;
  FaderSetting() {
    torch::manual_seed(3);
    discriminator = std::make_shared<LatentDiscriminator>(LatentDiscriminatorConfig{8, 1, 3}, 4, 2, kClasses);
    discriminator->to(torch::kDouble);
    parts = {{"latent_discriminator", discriminator}};
    values.set("batch.classes", torch::randint(kClasses, {2, 2, 10}));
    values.set("latent", torch::randn({2, 4, 10}, torch::kDouble));
  }
  LossInput in() { return {values, settings, parts}; }
  // Its only logits are then the last convolutions': the same for every frame.
  void guess(const std::vector<double>& logits) {
    for (auto& item : discriminator->named_parameters()) {
      const bool last = item.key().find("head") == 0 && item.key().find(".3.weight") != std::string::npos;
      item.value().data().zero_();
      if (item.key().find(".bias") != std::string::npos)
        item.value().data().fill_(1);  // every activation is 1, whatever the latent
      if (last) item.value().data().select(1, 0).select(1, 1).copy_(torch::tensor(logits, torch::kDouble));
    }
  }
};

torch::Tensor gradient(const torch::Tensor& loss, const torch::Tensor& of) {
  return torch::autograd::grad({loss}, {of}, {}, true)[0];
}

TEST(Fader, LossesAreTheCrossEntropiesOfKnownGuesses) {
  FaderSetting s;
  s.guess({std::log(1.0), std::log(2.0), std::log(5.0)});  // probabilities 1/8, 2/8, 5/8
  s.values.set("batch.classes", torch::full({2, 2, 10}, 2, torch::kLong));
  EXPECT_NEAR(fader_discriminator(s.in()).item<double>(), std::log(8.0 / 5), 1e-12);
  EXPECT_NEAR(fader_reversal(s.in()).item<double>(), std::log(8.0 / 5), 1e-12);
  EXPECT_NEAR(fader_confusion(s.in()).item<double>(), -std::log(8.0 / 5), 1e-12);
  EXPECT_NEAR(fader_uniform(s.in()).item<double>(), (std::log(8.0) + std::log(4.0) + std::log(1.6)) / 3, 1e-12);
  s.values.set("batch.classes",
               torch::full({2, 2, 10}, 0, torch::kLong));  // a guess worse than chance: nothing more to win
  EXPECT_NEAR(fader_discriminator(s.in()).item<double>(), std::log(8.0), 1e-12);
  EXPECT_NEAR(fader_confusion(s.in()).item<double>(), -std::log(3.0), 1e-12);
  s.guess({0.7, 0.7, 0.7});
  EXPECT_NEAR(fader_uniform(s.in()).item<double>(), std::log(3.0), 1e-12);
}

TEST(Fader, TheDiscriminatorsLossTrainsItAloneAndConfusionReachesTheEncoder) {
  FaderSetting s;
  s.values.set("latent", s.values["latent"].clone().requires_grad_());
  fader_discriminator(s.in()).backward();
  EXPECT_FALSE(s.values["latent"].grad().defined());
  EXPECT_GT(s.discriminator->parameters()[0].grad().abs().sum().item<double>(), 0);
  s.values.set(
      "batch.classes",
      s.discriminator->forward(s.values["latent"], false).argmax(1));  // guesses that are right: better than chance
  EXPECT_GT(gradient(fader_confusion(s.in()), s.values["latent"]).abs().sum().item<double>(), 0);
  EXPECT_GT(gradient(fader_uniform(s.in()), s.values["latent"]).abs().sum().item<double>(), 0);
}

TEST(Fader, ReversalTurnsTheEncodersGradientExactlyAndLeavesTheDiscriminatorsOwn) {
  FaderSetting s;
  const auto encoder = torch::randn({4, 4}, torch::TensorOptions(torch::kDouble).requires_grad(true));
  const auto input = torch::randn({2, 4, 10}, torch::kDouble);
  const double lambda = 0.3;
  s.values.set("latent", torch::matmul(encoder, input));
  const auto ordinary = torch::nn::functional::cross_entropy(s.discriminator->forward(s.values["latent"], true),
                                                             s.values["batch.classes"]);
  const auto reversed = fader_reversal(s.in());
  EXPECT_TRUE(reversed.equal(ordinary));
  EXPECT_TRUE(gradient(lambda * reversed, encoder).equal(-gradient(lambda * ordinary, encoder)));
  for (const auto& parameter : s.discriminator->parameters())
    EXPECT_TRUE(gradient(reversed, parameter).equal(gradient(ordinary, parameter)));
}

TEST(Fader, GradientsEqualFiniteDifferences) {
  FaderSetting s;
  s.values.set("batch.classes", s.discriminator->forward(s.values["latent"], false).argmax(1));
  const auto latent = s.values["latent"];
  for (const auto& [loss, sign] : {std::pair{fader_confusion, 1.0}, {fader_uniform, 1.0}, {fader_reversal, -1.0}}) {
    s.values.set("latent", latent.clone().requires_grad_());
    const auto slope = gradient(loss(s.in()), s.values["latent"]);
    for (const int64_t i : {0, 17, 42, 79}) {
      const auto at = [&](double step) {
        s.values.set("latent", latent.clone());
        s.values["latent"].view(-1)[i] += step;
        return loss(s.in()).item<double>();
      };
      EXPECT_NEAR(slope.reshape(-1)[i].item<double>(), sign * (at(1e-6) - at(-1e-6)) / 2e-6, 1e-8);
    }
  }
}

// An encoder z = W x + noise of a control and three other numbers that must stay readable: its first row begins as the
// control. Returns the part of that row's variance the control makes, after some steps of a discriminator and an
// encoder with this loss.
double leak(torch::Tensor (*loss)(const LossInput&)) {
  torch::manual_seed(7);
  const auto latent_discriminator = std::make_shared<LatentDiscriminator>(LatentDiscriminatorConfig{16, 1, 1}, 4, 1, 4);
  const Parts parts{{"latent_discriminator", latent_discriminator}};
  auto weights = torch::eye(4).requires_grad_();
  const bool reversal = loss == fader_reversal;
  std::vector<torch::Tensor> together{weights};
  for (const auto& p : latent_discriminator->parameters())
    if (reversal) together.push_back(p);
  torch::optim::Adam encoder(together, torch::optim::AdamOptions(0.01)),
      discriminator(latent_discriminator->parameters(), torch::optim::AdamOptions(0.01));
  for (int i = 0; i < 200; ++i) {
    Values values;
    const LossSettings settings;
    const auto classes = torch::randint(4, {16, 1, 8});
    values.set("batch.classes", classes);
    const auto others = torch::randn({16, 3, 8});
    const auto mean = torch::matmul(weights, torch::cat({classes.to(torch::kFloat) - 1.5, others}, 1));
    values.set("latent", mean + 0.5 * torch::randn({16, 4, 8}));
    const LossInput in{values, settings, parts};
    if (!reversal) {
      discriminator.zero_grad();
      fader_discriminator(in).backward();
      discriminator.step();
    }
    encoder.zero_grad();
    ((mean.narrow(1, 1, 3) - others).pow(2).mean() + loss(in)).backward();
    encoder.step();
  }
  const double variance =
      weights.select(0, 0).pow(2).mul(torch::tensor({1.25, 1.0, 1.0, 1.0})).sum().item<double>() + 0.25;
  return 1.25 * weights[0][0].pow(2).item<double>() / variance;
}

TEST(Fader, EveryWayDrivesAControlOutOfTheLatent) {
  EXPECT_NEAR(leak([](const LossInput& in) { return 0 * in.values["latent"].sum(); }), 1.25 / 1.5, 0.01);
  EXPECT_LT(leak(fader_confusion), 0.2);
  EXPECT_LT(leak(fader_uniform), 0.2);
  EXPECT_LT(leak(fader_reversal), 0.2);
}

}  // namespace
}  // namespace nr
