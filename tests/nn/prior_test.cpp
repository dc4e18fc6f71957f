#include "nn/prior.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nr {
namespace {

PriorConfig small_prior(int together = 1) {
  PriorConfig c;
  c.width = 8, c.dilations = {1, 2}, c.mixtures = 2, c.levels = 64, c.together = together;
  return c;
}

TEST(Prior, NoDimensionSeesItselfOrThoseAfterItInItsOwnFrame) {
  torch::manual_seed(1);
  constexpr int kDimensions = 4, kFrames = 12, kFrame = 6;
  Prior prior(small_prior(), kDimensions, 64);
  const torch::NoGradGuard no_grad;
  torch::Tensor values = torch::randn({1, kDimensions, kFrames});
  const auto next = [&](const torch::Tensor& v) { return prior.next(prior.shifted_levels(v))[0].flatten(1, 2); };
  const torch::Tensor before = next(values);
  for (int changed = 0; changed < kDimensions; ++changed) {
    torch::Tensor other = values.clone();
    other[0][changed][kFrame] += 2;
    const torch::Tensor moved = (next(other) - before).abs().amax(1);  // [dimensions, columns]
    for (int d = 0; d < kDimensions; ++d) {
      const bool sees = moved[d][kFrame + d].item<float>() > 0;  // the column that predicts this frame of d
      EXPECT_EQ(sees, changed < d) << "dimension " << d << " of dimension " << changed;
    }
  }
}

TEST(Prior, RangesAreMomentsAndQuantilesAndAConstantHasOneToo) {
  Prior prior(small_prior(), 2, 64);
  const torch::Tensor ramp = torch::arange(10001, torch::kFloat) / 10000 * 4 + 1;  // uniform on [1, 5]
  prior.measure(torch::stack({ramp, torch::full_like(ramp, 7)}).unsqueeze(0));
  const PriorRange uniform = prior.ranges()[0], constant = prior.ranges()[1];
  EXPECT_NEAR(uniform.mean, 3, 1e-4);
  EXPECT_NEAR(uniform.deviation, 4 / std::sqrt(12), 1e-3);
  EXPECT_NEAR(uniform.mean + uniform.low * uniform.deviation, 1.004, 1e-3);
  EXPECT_NEAR(uniform.mean + uniform.high * uniform.deviation, 4.996, 1e-3);
  EXPECT_NEAR(constant.mean + constant.low * constant.deviation, 7, 1e-5);
  const torch::Tensor nats = prior.marginal_nats(torch::stack({ramp, torch::full_like(ramp, 7)}).unsqueeze(0));
  EXPECT_NEAR(nats[0].item<double>(), std::log(64), 0.02);
  EXPECT_NEAR(nats[1].item<double>(), 0, 0.01);
}

TEST(Prior, DimensionsTogetherShareADelay) {
  Prior prior(small_prior(2), 5, 64);
  EXPECT_EQ(prior.longest_delay(), 2);
  const torch::Tensor values = torch::arange(10, torch::kFloat).expand({1, 5, 10}) / 10;
  const torch::Tensor shifted = prior.shifted_levels(values);
  EXPECT_TRUE(shifted[0][2].equal(shifted[0][3]));
  EXPECT_TRUE(shifted[0][2].narrow(0, 1, 9).equal(shifted[0][1].narrow(0, 0, 9)));
  EXPECT_EQ(shifted[0][4][1].item<float>(), 0);
}

}  // namespace
}  // namespace nr
