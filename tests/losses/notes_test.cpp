// MMD, and the losses of vocoders.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include <cmath>

#include "losses/mmd.h"
#include "losses/vocoder.h"

namespace nr {
namespace {

double distance(const torch::Tensor& x, const torch::Tensor& y, const MmdConfig& config) {
  return discrepancy(x, y, config).item<double>();
}

TEST(Mmd, IsTheMeanOfItsKernel) {
  const auto x = torch::tensor({{0.f, 0.f}}), y = torch::tensor({{2.f, 1.f}});  // r = 5, d = 2
  EXPECT_NEAR(distance(x, y, {"rbf", false}), 2 - 2 * std::exp(-5 / 4.0), 1e-6);
  double multi = 0, imq = 0;
  for (const double s : {1, 2, 4, 8, 16}) multi += 1 - std::exp(-5 / (2 * s * s));
  for (const double s : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0}) imq += 1 - 4 * s / (4 * s + 5);
  EXPECT_NEAR(distance(x, y, {"multi_rbf", false}), 2 * multi, 1e-5);
  EXPECT_NEAR(distance(x, y, {"imq", false}), 2 * imq, 1e-5);
}

TEST(Mmd, IsZeroOfOneSetAndGrowsWithTheDistance) {
  torch::manual_seed(1);
  const auto x = torch::randn({400, 3}), y = torch::randn({400, 3});
  for (const char* kernel : {"rbf", "multi_rbf", "imq"}) {
    EXPECT_NEAR(distance(x, x, {kernel, false}), 0, 1e-5) << kernel;
    EXPECT_LT(distance(x, x, {kernel, true}), 0) << "unbiased: a set is nearer to itself than two sets of one kind";
    const double same = distance(x, y, {kernel, true}), near = distance(x, y + 0.5, {kernel, true}),
                 far = distance(x, y + 1, {kernel, true});
    EXPECT_LT(std::abs(same), 0.2 * near) << kernel;
    EXPECT_LT(near, far) << kernel;
  }
}

// Of two draws of one normal: within three standard errors of 0, over 400 pairs of them; and larger at every step that
// one of the two moves away, from 0 to 3 deviations.
TEST(Mmd, IsUnbiasedAroundZeroAndRisesWithAShiftOfTheMean) {
  torch::manual_seed(2);
  for (const char* kernel : {"rbf", "multi_rbf", "imq"}) {
    std::vector<double> found;
    for (int i = 0; i < 400; ++i)
      found.push_back(distance(torch::randn({60, 4}), torch::randn({60, 4}), {kernel, true}));
    double mean = 0, variance = 0;
    for (const double x : found) mean += x / double(found.size());
    for (const double x : found) variance += (x - mean) * (x - mean) / double(found.size() - 1);
    EXPECT_LT(std::abs(mean), 3 * std::sqrt(variance / double(found.size()))) << kernel;
    const auto x = torch::randn({300, 4}), y = torch::randn({300, 4});
    double last = distance(x, y, {kernel, true});
    for (double shift = 0.5; shift <= 3; shift += 0.5) {
      const double next = distance(x, y + shift, {kernel, true});
      EXPECT_GT(next, last) << kernel << " at " << shift;
      last = next;
    }
  }
}

struct Sounds {
  Values values;
  LossSettings settings;
  Parts parts;
  Sounds(const torch::Tensor& target, const torch::Tensor& decoded) {
    values.set("target.audio", target), values.set("decoded.audio", decoded);
    settings.stft_sizes = {256, 512};
  }
  double operator()(torch::Tensor (*loss)(const LossInput&)) {
    return loss({values, settings, parts}).item<double>();
  }
};

torch::Tensor tone(double hz, double phase, double level = 0.5) {
  const auto t = torch::arange(4096, torch::kFloat) / 8000;
  return (level * torch::sin(2 * M_PI * hz * t + phase)).reshape({1, 1, -1});
}

TEST(VocoderLosses, AreZeroOfTheSameSound) {
  torch::manual_seed(1);
  const auto noise = 0.1 * torch::randn({2, 1, 4096});
  Sounds same(noise, noise.clone());
  for (const auto loss : {spectral_convergence, log_magnitude, instantaneous_frequency, weighted_phase})
    EXPECT_NEAR(same(loss), 0, 1e-4);
}

TEST(VocoderLosses, SayWhatTheySay) {
  const auto target = tone(437.5, 0);
  EXPECT_NEAR(Sounds(target, torch::zeros_like(target))(spectral_convergence), 1, 1e-3);
  EXPECT_NEAR(Sounds(target, 2 * target)(spectral_convergence), 1, 1e-3);
  Sounds shifted(target, tone(437.5, M_PI / 2));
  EXPECT_LT(shifted(spectral_convergence), 0.05) << "a magnitude knows no phase";
  EXPECT_LT(shifted(instantaneous_frequency), 0.5) << "and the frequency is the same";
  EXPECT_NEAR(shifted(weighted_phase), 1, 0.05) << "but the phase is a quarter of a period away";
  EXPECT_GT(Sounds(target, tone(700, 0))(instantaneous_frequency), shifted(instantaneous_frequency));
}

TEST(VocoderLosses, HaveGradientsInSilence) {
  auto silence = torch::zeros({1, 1, 2048}).requires_grad_();
  Sounds of(tone(437.5, 0).narrow(2, 0, 2048), silence);
  for (const auto loss : {spectral_convergence, log_magnitude, instantaneous_frequency, weighted_phase}) {
    silence.mutable_grad() = torch::Tensor();
    loss({of.values, of.settings, of.parts}).backward();
    EXPECT_TRUE(silence.grad().isfinite().all().item<bool>());
  }
}

}  // namespace
}  // namespace nr
