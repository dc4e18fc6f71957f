#include "losses/stft.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "dsp/simd.h"

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

torch::Tensor formula(const torch::Tensor& target, const torch::Tensor& made, const std::vector<int>& sizes) {
  const auto x = target.flatten(0, 1), y = made.flatten(0, 1);
  auto sum = torch::zeros({}, y.options());
  for (const int size : sizes) {
    if (x.size(-1) <= size / 2) continue;
    const auto X = magnitude(x, size), Y = magnitude(y, size);
    sum = sum + (X - Y).norm() / X.norm().clamp_min(1e-7) + (torch::log(X + 1e-7) - torch::log(Y + 1e-7)).abs().mean();
  }
  return sum;
}

// The kernel in floats against the formula in doubles. The gradient of a logarithm is large where a magnitude is small,
// and so is its rounding: the kernel may round no worse than the formula in floats does.
void expect_equal_to_the_formula(const torch::Tensor& x, const torch::Tensor& y, const std::vector<int>& sizes) {
  auto fast = y.clone().requires_grad_(), plain = y.clone().requires_grad_(),
       exact = y.to(torch::kDouble).requires_grad_();
  const auto found = spectral_distance(x, fast, sizes), expected = formula(x.to(torch::kDouble), exact, sizes);
  found.backward(), expected.backward(), formula(x, plain, sizes).backward();
  EXPECT_NEAR(found.item<double>(), expected.item<double>(), 1e-5 * expected.item<double>());
  const auto error = [&](const torch::Tensor& made) {
    return ((made.grad().to(torch::kDouble) - exact.grad()).norm() / exact.grad().norm()).item<double>();
  };
  EXPECT_LT(error(fast), 1e-5 + 2 * error(plain));
  EXPECT_EQ(spectral_distance(x, y, sizes).item<float>(), found.item<float>());  // without a gradient
}

TEST(SpectralDistance, OfFloatsEqualsTheFormulaAtEveryWidthOfVectors) {
  const int widest = simd_width();
  for (const int width : {4, 8, 16}) {
    if (width > widest) break;
    simd_width() = width;
    torch::manual_seed(1);
    for (const auto& shape : {std::vector<int64_t>{3, 1, 8192}, {1, 1, 1025}, {2, 16, 257}, {1, 3, 9}})
      expect_equal_to_the_formula(torch::randn(shape), torch::randn(shape), {2048, 512, 128, 16});
    expect_equal_to_the_formula(torch::randn({2, 1, 3000}), torch::randn({2, 1, 3000}), {512, 300, 96});
  }
  simd_width() = widest;
}

TEST(SpectralDistance, OfATransposedTensorIsThatOfItsCopy) {
  const auto x = torch::randn({2, 3, 512}), y = torch::randn({2, 512, 3}).transpose(1, 2);
  EXPECT_EQ(spectral_distance(x, y, {64}).item<float>(), spectral_distance(x, y.contiguous(), {64}).item<float>());
}

TEST(SpectralDistance, DoesNotDependOnThreads) {
  const auto x = torch::randn({5, 1, 4096}), y = torch::randn({5, 1, 4096});
  const auto with = [&](int threads) {
    at::set_num_threads(threads);
    auto made = y.clone().requires_grad_();
    const auto value = spectral_distance(x, made, {1024, 64});
    value.backward();
    return std::pair{value.item<float>(), made.grad()};
  };
  const int threads = at::get_num_threads();
  const auto one = with(1), three = with(3);
  at::set_num_threads(threads);
  EXPECT_EQ(one.first, three.first);
  EXPECT_TRUE(one.second.equal(three.second));
}

TEST(SpectralDistance, OfSilenceHasAFiniteGradient) {
  const auto sound = torch::randn({2, 1, 1024}), silence = torch::zeros({2, 1, 1024});
  for (const auto& target : {sound, silence}) {
    auto made = silence.clone().requires_grad_();
    const auto value = spectral_distance(target, made, {256, 64});
    value.backward();
    EXPECT_TRUE(std::isfinite(value.item<float>()));
    EXPECT_EQ(made.grad().abs().max().item<float>(), 0);  // as torch's magnitude has none at 0
  }
}

TEST(SpectralDistance, OfNaNIsNaN) {
  auto y = torch::randn({2, 1, 1024});
  y[1][0][500] = NAN;
  EXPECT_TRUE(std::isnan(spectral_distance(torch::randn({2, 1, 1024}), y, {256}).item<float>()));
  EXPECT_TRUE(std::isnan(spectral_distance(y, torch::randn({2, 1, 1024}), {256}).item<float>()));
}

TEST(Magnitude, OfASineIsItsAmplitudeInItsBin) {
  const auto t = torch::arange(4096, torch::kDouble);
  const auto m = magnitude((0.5 * torch::sin(2 * M_PI * 8 / 256.0 * t)).unsqueeze(0), 256);
  EXPECT_NEAR(m[0][10][8].item<double>(), 0.5 * 64 / 16, 1e-3);  // amplitude * sum(window) / 2 / sqrt(size)
}

}  // namespace
}  // namespace nr
