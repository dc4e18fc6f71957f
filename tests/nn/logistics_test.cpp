#include "nn/logistics.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace nr {
namespace {

struct Grid {
  torch::Tensor low = torch::tensor({-2.0, -1.0}, torch::kDouble), high = torch::tensor({2.5, 1.0}, torch::kDouble);
  int levels = 33;
  torch::Tensor step = (high - low) / (levels - 1);
  torch::Tensor all() const {
    return (low.unsqueeze(1) + step.unsqueeze(1) * torch::arange(levels, torch::kDouble)).unsqueeze(0);
  }  // [1, 2, levels]
};

TEST(Logistics, ProbabilitiesOfAllLevelsSumToOneWhateverTheMixture) {
  torch::manual_seed(1);
  const Grid grid;
  for (const double scale : {0.1, 1.0, 4.0, 20.0}) {
    const torch::Tensor next =
        (scale * torch::randn({1, 2, 3, 4, 1}, torch::kDouble)).expand({1, 2, 3, 4, grid.levels});
    const torch::Tensor sums = torch::exp(log_probability(next, grid.all(), grid.low, grid.high, grid.step)).sum(2);
    EXPECT_TRUE(torch::allclose(sums, torch::ones_like(sums), 1e-9)) << scale << sums;
  }
}

TEST(Logistics, OneLogisticIsTheDifferenceOfItsDistributionAtALevelsEdges) {
  const Grid grid;
  const double centre = 0.3, scale = 0.4;
  torch::Tensor next = torch::zeros({1, 2, 3, 1, grid.levels}, torch::kDouble);
  next.select(2, 1).fill_(centre);
  next.select(2, 2).fill_(std::log(scale));
  const torch::Tensor found = log_probability(next, grid.all(), grid.low, grid.high, grid.step);
  const auto distribution = [&](double x) { return 1 / (1 + std::exp(-(x - centre) / scale)); };
  for (int d = 0; d < 2; ++d) {
    const double low = grid.low[d].item<double>(), step = grid.step[d].item<double>();
    for (int k = 0; k < grid.levels; ++k) {
      const double x = low + k * step, lower = k ? distribution(x - step / 2) : 0,
                   upper = k + 1 < grid.levels ? distribution(x + step / 2) : 1;
      EXPECT_NEAR(found[0][d][k].item<double>(), std::log(upper - lower), 1e-9) << d << " " << k;
    }
  }
}

TEST(Logistics, GradientIsThatOfFiniteDifferencesAlsoAtTheEndLevels) {
  torch::manual_seed(2);
  const Grid grid;
  torch::Tensor next = torch::randn({1, 2, 3, 2, 5}, torch::kDouble).set_requires_grad(true);
  const torch::Tensor levels = torch::stack({grid.all()[0][0].index_select(0, torch::tensor({0, 5, 16, 31, 32})),
                                             grid.all()[0][1].index_select(0, torch::tensor({0, 1, 10, 20, 32}))})
                                   .unsqueeze(0);
  const auto loss = [&](const torch::Tensor& n) {
    return log_probability(n, levels, grid.low, grid.high, grid.step).sum();
  };
  loss(next).backward();
  const torch::Tensor gradient = next.grad().flatten();
  for (int64_t i = 0; i < gradient.size(0); ++i) {
    const auto moved = [&](double by) {
      torch::Tensor n = next.detach().clone();
      n.view({-1})[i] += by;
      return loss(n).item<double>();
    };
    EXPECT_NEAR(gradient[i].item<double>(), (moved(1e-5) - moved(-1e-5)) / 2e-5, 1e-6) << i;
  }
}

TEST(Logistics, AreFiniteForAValueFarFromANarrowMixture) {
  torch::Tensor next = torch::zeros({1, 2, 3, 1, 33});
  next.select(2, 1).fill_(-50);
  next.select(2, 2).fill_(-40);
  next.set_requires_grad(true);
  const Grid grid;
  const auto single = [](const torch::Tensor& t) { return t.to(torch::kFloat); };
  const torch::Tensor found =
      log_probability(next, single(grid.all()), single(grid.low), single(grid.high), single(grid.step));
  found.sum().backward();
  EXPECT_TRUE(torch::isfinite(found).all().item<bool>());
  EXPECT_TRUE(torch::isfinite(next.grad()).all().item<bool>());
}

TEST(Logistics, DrawsHaveTheMixturesMeanAndSpreadScaledByTemperature) {
  // Two logistics of equal weight, centres -2 and 1, scale 0.5: variance of a logistic is (pi scale)^2 / 3.
  const float next[] = {0, 0, -2, 1, std::log(0.5f), std::log(0.5f)};
  for (const double temperature : {1.0, 0.5}) {
    double sum = 0, square = 0;
    constexpr int kDraws = 200000;
    for (int i = 0; i < kDraws; ++i) {
      Random random(7, i);
      const double x = draw_logistic(next, 2, temperature, random);
      sum += x / kDraws, square += x * x / kDraws;
    }
    EXPECT_NEAR(sum, -0.5, 0.02);
    EXPECT_NEAR(square - sum * sum, 2.25 + std::pow(M_PI * 0.5 * temperature, 2) / 3, 0.03);
  }
}

TEST(Logistics, WithoutTemperatureADrawIsTheCentreOfTheLikeliest) {
  const float next[] = {0.1f, 0.3f, -0.2f, 5, 6, 7, 0, 0, 0};
  for (int i = 0; i < 20; ++i) {
    Random random(i);
    EXPECT_EQ(draw_logistic(next, 3, 0, random), 6);
  }
}

}  // namespace
}  // namespace nr
