#include "losses/descriptors.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include <cmath>

#include "support/errors.h"

namespace nr {
namespace {

const Framing kFraming{16000, 512, 128};
constexpr int kHop = 256;

torch::Tensor sweep(int64_t samples) {  // harmonic, rising in pitch and level: every descriptor moves
  const auto t = torch::arange(samples, torch::kDouble) / 16000;
  auto y = torch::zeros_like(t);
  for (int k = 1; k < 6; ++k) y = y + torch::sin(2 * M_PI * k * (200 * t + 150 * t.pow(2))) / k;
  return (y * (0.05 + 0.2 * t)).view({1, 1, samples});
}

TEST(DescriptorTwins, EqualTheReferenceOnEveryName) {
  const int64_t samples = 16384;
  const auto audio = sweep(samples).to(torch::kFloat).contiguous();
  const std::vector<float> plain(audio.data_ptr<float>(), audio.data_ptr<float>() + samples);
  const auto& names = differentiable_descriptors();
  const auto twin = measure_descriptors(audio, names, kFraming, kHop);
  const auto reference = analyse(plain, names, kFraming);
  for (size_t k = 0; k < names.size(); ++k) {
    const std::vector<float> curve = average(reference[k], kHop / kFraming.hop);
    ASSERT_EQ(twin.size(-1), int64_t(curve.size()));
    for (size_t i = 0; i < curve.size(); ++i) {
      const double warped = warp(descriptors().at(names[k]).warp, curve[i]);
      EXPECT_NEAR(twin[0][k][i].item<float>(), warped, 1e-4 * (1 + std::fabs(warped))) << names[k] << " frame " << i;
    }
  }
}

TEST(DescriptorTwins, GradientsAreFiniteDifferences) {
  torch::manual_seed(1);  // noise keeps every magnitude away from the kink at zero
  auto audio = (sweep(2048) + 0.01 * torch::randn({1, 1, 2048}, torch::kDouble)).requires_grad_();
  const auto& names = differentiable_descriptors();
  for (size_t k = 0; k < names.size(); ++k) {
    if (audio.grad().defined()) audio.mutable_grad().zero_();
    measure_descriptors(audio, names, kFraming, kHop).select(1, k).sum().backward();
    for (const int i : {300, 1024, 2000}) {
      const torch::NoGradGuard no_grad;
      const auto at = [&](double by) {
        auto moved = audio.detach().clone();
        moved[0][0][i] += by;
        return measure_descriptors(moved, names, kFraming, kHop).select(1, k).sum().item<double>();
      };
      const double slope = (at(1e-6) - at(-1e-6)) / 2e-6;
      EXPECT_NEAR(audio.grad()[0][0][i].item<double>(), slope, 1e-4 * (1 + std::fabs(slope))) << names[k];
    }
  }
}

TEST(DescriptorTwins, OfSilenceAreFiniteWithFiniteGradients) {
  auto audio = torch::zeros({1, 1, 2048}).requires_grad_();
  const auto curves = measure_descriptors(audio, differentiable_descriptors(), kFraming, kHop);
  curves.sum().backward();
  EXPECT_TRUE(curves.isfinite().all().item<bool>());
  EXPECT_TRUE(audio.grad().isfinite().all().item<bool>());
}

TEST(DescriptorTwins, RefuseADescriptorWithoutATwin) {
  EXPECT_THAT(error_of([] { measure_descriptors(torch::zeros({1, 1, 2048}), {"pitch"}, kFraming, kHop); }),
              testing::HasSubstr("descriptor 'pitch' has no differentiable twin"));
}

}  // namespace
}  // namespace nr
