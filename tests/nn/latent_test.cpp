#include "nn/latent.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace nr {
namespace {

const auto kMean = torch::full({1, 2, 3}, 0.5), kScale = torch::full({1, 2, 3}, 1.0);

TEST(Latent, OfAGaussianHasTheStandardDeviationOfItsScaleAndSamplesAroundItsMean) {
  torch::manual_seed(1);
  const auto mean = torch::full({1, 1, 100000}, 0.5), scale = torch::full({1, 1, 100000}, 1.0);
  const Posterior p = posterior(GaussianLatent{}, mean, scale);
  const double std = std::log1p(std::exp(1.0)) + 1e-4;
  EXPECT_NEAR(p.std[0][0][0].item<double>(), std, 1e-6);
  const auto z = sample(GaussianLatent{}, p);
  EXPECT_NEAR(z.mean().item<double>(), 0.5, 0.02);
  EXPECT_NEAR(z.std().item<double>(), std, 0.02);
}

TEST(Latent, KlOfAGaussianIsTheDifferenceOfItsLogDensitiesUnderItsOwnSamples) {
  torch::manual_seed(2);
  const auto mean = torch::full({1, 1, 200000}, 0.7), std = torch::full({1, 1, 200000}, 0.6);
  const auto z = GaussianLatent::sample(mean, std, torch::randn_like(mean));
  const auto own = GaussianLatent::log_density(z, mean, std);
  const auto standard = GaussianLatent::log_density(z, torch::zeros_like(mean), torch::ones_like(std));
  const double kl = twice_kl({mean, std}).mean().item<double>() / 2;
  EXPECT_NEAR((own - standard).mean().item<double>(), kl, 0.01);
  EXPECT_NEAR(kl, 0.5 * (0.49 + 0.36 - std::log(0.36) - 1), 1e-5);
}

TEST(Latent, OfOtherKindsIsDeterministicAndTheirMean) {
  for (const LatentConfig& kind : {LatentConfig(PlainLatent{}), LatentConfig(SphericalLatent{})}) {
    EXPECT_EQ(statistics(kind), 1);
    const Posterior p = posterior(kind, kMean, {});
    EXPECT_FALSE(p.std.defined());
    EXPECT_TRUE(sample(kind, p).equal(kMean));
  }
}

TEST(Latent, OfASphereHasUnitLengthInEveryFrame) {
  const auto z = SphericalLatent::constrain(torch::randn({2, 5, 7}));
  EXPECT_TRUE(z.norm(2, 1).allclose(torch::ones({2, 7})));
}

}  // namespace
}  // namespace nr
