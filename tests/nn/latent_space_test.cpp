#include "nn/latent_space.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "support/errors.h"

namespace nr {
namespace {

// Three independent directions of deviation 3, 2 and 1, turned; a fourth that never moves.
torch::Tensor turned(const torch::Tensor& sources) {
  const auto a =
      torch::tensor({{0.6, 0.8, 0.0, 0.0}, {-0.8, 0.6, 0.0, 0.0}, {0.0, 0.0, 1.0, 0.0}, {0.0, 0.0, 0.0, 1.0}});
  return torch::matmul(sources * torch::tensor({3.0, 2.0, 1.0, 0.0}), a) + torch::tensor({1.0, -2.0, 0.5, 7.0});
}

TEST(LatentSpace, FindsTheDirectionsTheirVariancesAndTheMean) {
  torch::manual_seed(1);
  const auto sources = torch::randn({20000, 4});
  const LatentSpace space = analyse_latents(turned(sources), sources.select(1, 0));
  EXPECT_TRUE(torch::allclose(space.mean, torch::tensor({1.0, -2.0, 0.5, 7.0}), 0, 0.08));
  EXPECT_TRUE(torch::allclose(space.variance, torch::tensor({9.0, 4.0, 1.0, 0.0}), 0.05, 1e-5));
  EXPECT_NEAR(space.components[0][0].item<double>(), 0.6, 0.02);
  EXPECT_NEAR(space.components[0][1].item<double>(), 0.8, 0.02);
  EXPECT_TRUE(torch::allclose(torch::matmul(space.components, space.components.t()), torch::eye(4), 0, 1e-5));
  EXPECT_NEAR(space.fidelity(1), 9.0 / 14, 0.02);
  EXPECT_EQ(space.components_for(0.5), 1);
  EXPECT_EQ(space.components_for(0.9), 2);
  EXPECT_EQ(space.components_for(0.99), 3);
}

TEST(LatentSpace, EachComponentGrowsWithTheLevel) {
  torch::manual_seed(2);
  const auto sources = torch::randn({5000, 4});
  for (const double sign : {1.0, -1.0}) {
    const auto level = sign * (sources.select(1, 0) - 0.5 * sources.select(1, 1) + 0.2 * sources.select(1, 2));
    const LatentSpace space = analyse_latents(turned(sources), level);
    const auto z = space.project(turned(sources).t().unsqueeze(0), 3)[0];
    for (int i = 0; i < 3; ++i) EXPECT_GT((z[i] * (level - level.mean())).mean().item<double>(), 0) << i;
  }
}

TEST(LatentSpace, ProjectingAndRestoringLosesOnlyTheVarianceLeftOut) {
  torch::manual_seed(3);
  const auto x = turned(torch::randn({4000, 4}));
  const LatentSpace space = analyse_latents(x, x.select(1, 0));
  const auto z = x.t().unsqueeze(0);
  EXPECT_TRUE(torch::allclose(space.restore(space.project(z, 3)), z, 0, 1e-4));
  const double lost = (space.restore(space.project(z, 2)) - z).pow(2).sum(1).mean().item<double>();
  EXPECT_NEAR(lost, space.variance[2].item<double>(), 1e-3);
}

TEST(LatentSpace, OfOneFrameIsThatFrame) {
  const auto x = torch::tensor({{1.0, 2.0, 3.0}});
  const LatentSpace space = analyse_latents(x, torch::tensor({-3.0}));
  EXPECT_TRUE(torch::allclose(space.mean, x[0].to(torch::kFloat)));
  EXPECT_EQ(space.variance.abs().max().item<double>(), 0);
  EXPECT_EQ(space.components_for(0.95), 1);
}

TEST(LatentSpace, IsReadBackFromACheckpointAndRefusedInAnotherShape) {
  const auto x = torch::randn({50, 3});
  const LatentSpace space = analyse_latents(x, x.select(1, 0));
  Checkpoint checkpoint;
  EXPECT_FALSE(load_latent_space(checkpoint, 3).known());
  store(space, checkpoint);
  EXPECT_TRUE(load_latent_space(checkpoint, 3).components.equal(space.components));
  EXPECT_EQ(error_of([&] { load_latent_space(checkpoint, 4); }),
            "checkpoint: tensor 'latent_space/mean' is float [3], expected float [4]");
}

}  // namespace
}  // namespace nr
