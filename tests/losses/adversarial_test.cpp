#include "losses/adversarial.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "nn/discriminators.h"

namespace nr {
namespace {

// Two scales, a period and an STFT, in double precision.
struct AdversarialSetting {
  static constexpr int kSubDiscriminators = 4;
  Values values;
  LossSettings settings;
  std::shared_ptr<WaveformDiscriminator> discriminator;
  Parts parts;
  AdversarialSetting() {
    torch::manual_seed(2);
    discriminator = std::make_shared<WaveformDiscriminator>(WaveformDiscriminatorConfig{2, 4, 2, {3}, 4, {64}, 4});
    discriminator->to(torch::kDouble);
    parts = {{"waveform_discriminator", discriminator}};
    values.set("target.audio", torch::randn({2, 1, 320}, torch::kDouble));
    values.set("decoded.audio", torch::randn({2, 1, 320}, torch::kDouble));
  }
  LossInput in() {
    values.begin_update();
    return shared();
  }
  LossInput shared() { return {values, settings, parts}; }  // of the update that has begun
  void set(const char* kind, double value) {
    for (auto& item : discriminator->named_parameters())
      if (item.key().find(kind) != std::string::npos) item.value().data().fill_(value);
  }
};

TEST(Adversarial, LossesOfKnownScores) {
  const auto x = torch::tensor({-2.0, 0.5, 2.0}, torch::kDouble);
  const double high = std::log(1 + std::exp(2)), low = std::log(1 + std::exp(-2));
  const struct {
    const char* name;
    double on_real, on_made, decoder;
  } expected[] = {
      {"hinge", (3 + 0.5) / 3, (1.5 + 3) / 3, -0.5 / 3},
      {"least_squares", (9 + 0.25 + 1) / 3, (4 + 0.25 + 4) / 3, (9 + 0.25 + 1) / 3},
      {"non_saturating", (high + std::log(1 + std::exp(-0.5)) + low) / 3,
       (low + std::log(1 + std::exp(0.5)) + high) / 3, (high + std::log(1 + std::exp(-0.5)) + low) / 3},
  };
  ASSERT_EQ(adversarial().rows.size(), std::size(expected));
  for (const auto& e : expected) {
    const Adversarial& loss = adversarial().at(e.name);
    EXPECT_NEAR(loss.on_real(x).item<double>(), e.on_real, 1e-12) << e.name;
    EXPECT_NEAR(loss.on_made(x).item<double>(), e.on_made, 1e-12) << e.name;
    EXPECT_NEAR(loss.decoder(x).item<double>(), e.decoder, 1e-12) << e.name;
  }
}

TEST(Adversarial, NonSaturatingHasItsSteepestGradientWhereTheDiscriminatorIsSurest) {
  const auto score = torch::full({1}, -200.0).requires_grad_();
  adversarial().at("non_saturating").decoder(score).backward();
  EXPECT_FLOAT_EQ(score.grad().item<float>(), -1);
}

TEST(Adversarial, LossesSumOverAllKindsOfSubDiscriminators) {
  AdversarialSetting s;
  s.set("gain", 0), s.set("bias", 0.5);  // every score is 1/2
  const auto both = [&](const char* name) {
    s.settings.adversarial = name;
    return std::pair{adversarial_discriminator(s.in()).item<double>() / s.kSubDiscriminators,
                     adversarial_generator(s.in()).item<double>() / s.kSubDiscriminators};
  };
  const auto [hinge_discriminator, hinge_decoder] = both("hinge");
  EXPECT_NEAR(hinge_discriminator, 0.5 + 1.5, 1e-12);
  EXPECT_NEAR(hinge_decoder, -0.5, 1e-12);
  const auto [squares_discriminator, squares_decoder] = both("least_squares");
  EXPECT_NEAR(squares_discriminator, 0.25 + 0.25, 1e-12);
  EXPECT_NEAR(squares_decoder, 0.25, 1e-12);
  const auto [saturating_discriminator, saturating_decoder] = both("non_saturating");
  EXPECT_NEAR(saturating_discriminator, std::log1p(std::exp(-0.5)) + std::log1p(std::exp(0.5)), 1e-12);
  EXPECT_NEAR(saturating_decoder, std::log1p(std::exp(-0.5)), 1e-12);
}

TEST(Adversarial, FeatureMatchingMayLeaveOutTheFirstLayer) {
  WaveformDiscriminatorConfig config{1, 4, 2};
  const auto matching = [&](bool first) {
    config.match_first = first;
    torch::manual_seed(2);
    const auto discriminator = std::make_shared<WaveformDiscriminator>(config);
    Values values;
    const LossSettings settings;
    values.set("target.audio", torch::randn({2, 1, 320}));
    values.set("decoded.audio", torch::randn({2, 1, 320}));
    const auto real = discriminator->forward(values["target.audio"])[0],
               made = discriminator->forward(values["decoded.audio"])[0];
    double sum = 0;
    for (size_t i = first ? 0 : 1; i < real.size(); ++i) sum += (real[i] - made[i]).abs().mean().item<double>();
    EXPECT_NEAR(feature_matching({values, settings, {{"waveform_discriminator", discriminator}}}).item<double>(),
                sum / (real.size() - (first ? 0 : 1)), 1e-6);
    return sum;
  };
  EXPECT_GT(matching(true), matching(false));
}

TEST(Adversarial, TheDiscriminatorsLossTrainsNoDecoder) {
  AdversarialSetting s;
  const torch::Tensor audio = s.values["decoded.audio"].requires_grad_();
  adversarial_discriminator(s.in()).backward();
  EXPECT_FALSE(audio.grad().defined());
}

// The gradient's sums are taken in another order, so it is the same up to rounding.
TEST(Adversarial, LossesThatShareAPassHaveTheSameValuesAndGradients) {
  AdversarialSetting s;
  torch::Tensor audio = s.values["decoded.audio"].requires_grad_();
  const auto values_and_gradient = [&](bool shared) {
    const auto generator = adversarial_generator(s.in()), features = feature_matching(shared ? s.shared() : s.in());
    audio.mutable_grad() = torch::Tensor();
    (generator + 10 * features).backward();
    return std::vector<torch::Tensor>{generator, features, audio.grad().clone()};
  };
  const auto apart = values_and_gradient(false), shared = values_and_gradient(true);
  EXPECT_TRUE(shared[0].equal(apart[0]));
  EXPECT_TRUE(shared[1].equal(apart[1]));
  EXPECT_TRUE(shared[2].allclose(apart[2], 1e-11, 1e-14));
  EXPECT_GT(shared[2].abs().max().item<double>(), 1e-3);
}

TEST(Adversarial, LossesOfOneUpdateRunTheDiscriminatorOnDecodedAudioOnce) {
  AdversarialSetting s;
  adversarial_generator(s.in());
  s.set("bias", 3);  // a pass after this gives other features
  const double shared = feature_matching(s.shared()).item<double>(), anew = feature_matching(s.in()).item<double>();
  EXPECT_GT(std::abs(shared - anew), 1e-3);
}

// Without biases every layer is homogeneous: of 1.5 times the audio, 1.5 times the features.
TEST(FeatureMatching, RelativeIsThePartByWhichFeaturesDiffer) {
  AdversarialSetting s;
  s.set("bias", 0);
  s.values.set("decoded.audio", 1.5 * s.values["target.audio"]);
  EXPECT_NEAR(feature_matching_relative(s.in()).item<double>(), 0.5 * s.kSubDiscriminators, 1e-9);
  double absolute = 0;
  for (const auto& layers : s.discriminator->forward(s.values["target.audio"]))
    for (const auto& layer : layers) absolute += 0.5 * layer.abs().mean().item<double>() / layers.size();
  EXPECT_NEAR(feature_matching(s.in()).item<double>(), absolute, 1e-9);
  for (const char* name : {"target.audio", "decoded.audio"}) s.values.set(name, 10 * s.values[name]);
  EXPECT_NEAR(feature_matching_relative(s.in()).item<double>(), 0.5 * s.kSubDiscriminators, 1e-9);
  EXPECT_NEAR(feature_matching(s.in()).item<double>(), 10 * absolute, 1e-8);
}

TEST(FeatureMatching, OfTheSameAudioIsZero) {
  AdversarialSetting s;
  s.values.set("decoded.audio", s.values["target.audio"]);
  EXPECT_EQ(feature_matching(s.in()).item<double>(), 0);
  EXPECT_EQ(feature_matching_relative(s.in()).item<double>(), 0);
}

TEST(Adversarial, GradientsAtTheDecodedAudioEqualFiniteDifferences) {
  AdversarialSetting s;
  const auto audio = s.values["decoded.audio"];
  for (const std::string& name : adversarial().names())
    for (const auto loss : {adversarial_generator, feature_matching, feature_matching_relative}) {
      s.settings.adversarial = name;
      s.values.set("decoded.audio", audio.clone().requires_grad_());
      loss(s.in()).backward();
      const auto slope = s.values["decoded.audio"].grad().reshape(-1);
      for (const int64_t i : {0, 101, 319, 500}) {
        const auto at = [&](double step) {
          s.values.set("decoded.audio", audio.clone());
          s.values["decoded.audio"].view(-1)[i] += step;
          return loss(s.in()).item<double>();
        };
        EXPECT_NEAR(slope[i].item<double>(), (at(1e-6) - at(-1e-6)) / 2e-6, 1e-7) << name << " at sample " << i;
      }
    }
}

}  // namespace
}  // namespace nr
