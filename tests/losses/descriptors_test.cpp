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

// In warped units: the differentiable curve and the reference's, its NaNs of silence at the floor of warp().
std::pair<std::vector<double>, std::vector<double>> both(const torch::Tensor& audio, const std::string& name) {
  const std::vector<float> plain(audio.data_ptr<float>(), audio.data_ptr<float>() + audio.size(-1));
  const auto found = measure_descriptors(audio, {name}, kFraming, kHop).to(torch::kDouble).flatten();
  std::vector<double> reference;
  for (const float value : average(analyse(plain, {name}, kFraming)[0], kHop / kFraming.hop))
    reference.push_back(warp(descriptors().at(name).warp, std::isnan(value) ? 0 : value));
  return {std::vector<double>(found.data_ptr<double>(), found.data_ptr<double>() + found.numel()), reference};
}

void expect_equal_to_the_reference(const torch::Tensor& audio) {
  for (const char* name :
       {"rms", "centroid", "bandwidth", "flatness", "brightness", "sharpness", "warmth", "booming"}) {
    const auto [found, reference] = both(audio, name);
    ASSERT_EQ(found.size(), reference.size());
    double worst = 0;
    for (size_t i = 0; i < found.size(); ++i)
      worst = std::max(worst, std::fabs(found[i] - reference[i]) / (1 + std::fabs(reference[i])));
    EXPECT_LT(worst, 1e-4) << name;
    testing::Test::RecordProperty(name, std::to_string(worst));
  }
  const auto [found, reference] = both(audio, "rolloff");
  ASSERT_EQ(found.size(), reference.size());
  const double half_a_bin = 0.5 * kFraming.sample_rate / kFraming.window;
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(std::exp2(found[i]), std::exp2(reference[i]), half_a_bin + 0.01) << "rolloff " << i;
}

TEST(DifferentiableDescriptors, EqualTheReference) {
  torch::manual_seed(1);
  expect_equal_to_the_reference(
      (sweep(16384) + 0.003 * torch::randn({1, 1, 16384}, torch::kDouble)).to(torch::kFloat).contiguous());
}

TEST(DifferentiableDescriptors, EqualTheReferenceWhereSoundBeginsAndEnds) {
  auto audio = sweep(16384).to(torch::kFloat).contiguous();
  audio.narrow(-1, 0, 3000).zero_();
  audio.narrow(-1, 9000, 4000).zero_();
  expect_equal_to_the_reference(audio);
}

TEST(DifferentiableDescriptors, GradientsAreFiniteDifferences) {
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

TEST(DifferentiableDescriptors, InFloatsEqualThoseInDoubles) {
  torch::manual_seed(1);
  const auto noise = torch::randn({3, 1, 5 * kHop}, torch::kDouble);  // without it flatness is that of the rounding
  const auto audio = torch::cat({sweep(5 * kHop) + 0.01 * noise.narrow(0, 0, 1), 0.1 * noise.narrow(0, 1, 2)})
                         .to(torch::kFloat);
  const std::vector<std::string> names{"rms", "centroid", "bandwidth", "flatness"};  // rounding moves rolloff's bin
  for (const Framing& framing : {kFraming, Framing{16000, 480, 128}, Framing{16000, 256, 64}}) {
    const auto of = [&](torch::Dtype type) {
      auto x = audio.to(type).clone().requires_grad_();
      const auto y = measure_descriptors(x, names, framing, kHop);
      (y * torch::linspace(-1, 2, y.numel(), y.options().requires_grad(false)).reshape(y.sizes())).sum().backward();
      return std::pair{y.detach().to(torch::kDouble), x.grad().to(torch::kDouble)};
    };
    const auto found = of(torch::kFloat), expected = of(torch::kDouble);
    EXPECT_TRUE(found.first.allclose(expected.first, 1e-4, 1e-4)) << framing.window;
    EXPECT_LT(((found.second - expected.second).norm() / expected.second.norm()).item<double>(), 1e-3);
  }
}

TEST(DifferentiableDescriptors, OfSilenceAreFiniteWithFiniteGradients) {
  auto audio = torch::zeros({1, 1, 2048}).requires_grad_();
  const auto curves = measure_descriptors(audio, differentiable_descriptors(), kFraming, kHop);
  curves.sum().backward();
  EXPECT_TRUE(curves.isfinite().all().item<bool>());
  EXPECT_TRUE(audio.grad().isfinite().all().item<bool>());
}

TEST(DifferentiableDescriptors, RefuseADescriptorWithoutOne) {
  EXPECT_THAT(error_of([] {
                measure_descriptors(torch::zeros({1, 1, 2048}), {"pitch"}, kFraming, kHop);
              }),
              testing::HasSubstr("descriptor 'pitch' has no differentiable form"));
}

torch::Tensor harmonics(double hz, int64_t samples) {
  const auto t = torch::arange(samples) / 16000.0;
  auto y = torch::zeros_like(t);
  for (int k = 1; k < 6; ++k) y = y + 0.2 * torch::sin(2 * M_PI * hz * k * t + k) / k;
  return y.view({1, 1, samples});
}

double mean_aperiodicity(const torch::Tensor& audio, double hz) {
  return aperiodicity(audio, torch::full({1, audio.size(-1) / kHop}, hz), kFraming, kHop)
      .slice(1, 2, -2)
      .mean()
      .item<double>();
}

TEST(Aperiodicity, IsSmallAtTheSoundsOwnPeriodAndItsMultiples) {
  const auto tone = harmonics(320, 8192);
  EXPECT_LT(mean_aperiodicity(tone, 320), 50.0 / 512);  // the period's share of the window
  EXPECT_LT(mean_aperiodicity(tone, 160), 100.0 / 512);
  EXPECT_GT(mean_aperiodicity(tone, 430), 0.5);
  torch::manual_seed(1);
  EXPECT_GT(mean_aperiodicity(torch::randn({1, 1, 8192}), 320), 0.7);
}

TEST(Aperiodicity, EqualsItsDefinition) {
  torch::manual_seed(1);
  const auto audio = harmonics(230, 2048) + 0.05 * torch::randn({1, 1, 2048});
  const float* x = audio.data_ptr<float>() + 1024 + kFraming.hop / 2 -
                   kFraming.window / 2;  // of the measurement that begins at 1024
  const auto difference = [&](int lag) {
    double sum = 0;
    for (int i = 0; i < kFraming.window; ++i) sum += std::pow(x[i] - (i + lag < kFraming.window ? x[i + lag] : 0.f), 2);
    return sum;
  };
  double sum = 0;
  for (int lag = 1; lag <= 64; ++lag) sum += difference(lag);
  const auto found = aperiodicity(audio, torch::full({1, 16}, 16000 / 64.0), {16000, 512, 128}, 128);
  EXPECT_NEAR(found[0][8].item<double>(), difference(64) * 64 / sum, 1e-4);
}

TEST(Aperiodicity, LeadsASoundToThePitch) {
  torch::manual_seed(1);
  auto audio = (harmonics(300, 2048) + 0.02 * torch::randn({1, 1, 2048})).requires_grad_();
  torch::optim::Adam adam({audio}, torch::optim::AdamOptions(0.005));
  for (int i = 0; i < 300; ++i) {
    adam.zero_grad();
    aperiodicity(audio, torch::full({1, 8}, 220.0), kFraming, kHop).mean().backward();
    adam.step();
  }
  const auto heard = audio.detach().contiguous();
  EXPECT_LT(mean_aperiodicity(heard, 220), 0.06 + mean_aperiodicity(harmonics(220, 2048), 220));
  const std::vector<float> plain(heard.data_ptr<float>(), heard.data_ptr<float>() + 2048);
  EXPECT_NEAR(analyse(plain, {"pitch"}, kFraming)[0][8], 220, 5);
}

TEST(Aperiodicity, OfSilenceIsFiniteWithFiniteGradients) {
  auto audio = torch::zeros({1, 1, 2048}).requires_grad_();
  const auto away = aperiodicity(audio, torch::full({1, 8}, 220.0), kFraming, kHop);
  away.sum().backward();
  EXPECT_TRUE(away.isfinite().all().item<bool>());
  EXPECT_TRUE(audio.grad().isfinite().all().item<bool>());
}

}  // namespace
}  // namespace nr
