#include "losses/stft.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace nr {
namespace {

TEST(SpectralDistance, OfASignalToItselfIsZero) {
  const auto x = torch::randn({2, 1, 4096});
  EXPECT_EQ(spectral_distance(x, x, {512, 128}).item<float>(), 0);
}

TEST(SpectralDistance, OfASignalHalfAsLoudIsAHalfPlusLn2AScale) {
  const auto x = torch::randn({2, 1, 8192}, torch::kDouble);
  EXPECT_NEAR(spectral_distance(x, x / 2, {512, 128}).item<double>(), 2 * (0.5 + std::log(2.0)), 1e-4);
}

TEST(SpectralDistance, LeavesOutSizesTheSignalIsTooShortFor) {
  const auto x = torch::randn({1, 4, 100}), y = torch::randn({1, 4, 100});
  EXPECT_EQ(spectral_distance(x, y, {2048, 64}).item<float>(), spectral_distance(x, y, {64}).item<float>());
}

TEST(SpectralDistance, GradientIsItsFiniteDifference) {
  torch::manual_seed(1);
  const auto x = torch::randn({1, 1, 256}, torch::kDouble);
  auto y = torch::randn({1, 1, 256}, torch::kDouble).requires_grad_();
  spectral_distance(x, y, {64}).backward();
  const torch::NoGradGuard no_grad;
  for (const int i : {0, 77, 255}) {
    auto up = y.clone(), down = y.clone();
    up[0][0][i] += 1e-6, down[0][0][i] -= 1e-6;
    const double slope = (spectral_distance(x, up, {64}) - spectral_distance(x, down, {64})).item<double>() / 2e-6;
    EXPECT_NEAR(y.grad()[0][0][i].item<double>(), slope, 1e-5 + 1e-4 * std::fabs(slope));
  }
}

TEST(Magnitude, OfASineIsItsAmplitudeInItsBin) {
  const auto t = torch::arange(4096, torch::kDouble);
  const auto m = magnitude((0.5 * torch::sin(2 * M_PI * 8 / 256.0 * t)).unsqueeze(0), 256);
  EXPECT_NEAR(m[0][10][8].item<double>(), 0.5 * 64 / 16, 1e-3);  // amplitude * sum(window) / 2 / sqrt(size)
}

}  // namespace
}  // namespace nr
