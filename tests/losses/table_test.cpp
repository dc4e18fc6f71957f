#include "losses/table.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace nr {
namespace {

struct Setting {
  Batch batch;
  Outputs outputs;
  LossSettings settings;
  LatentDiscriminator latent_discriminator{{8, 1, 3}, 4, 2, 16};
  WaveformDiscriminator waveform_discriminator{{2, 4, 2}};
  Setting() {
    settings.stft_sizes = settings.band_stft_sizes = {64};
    batch.classes = torch::randint(16, {2, 2, 10});
    outputs.posterior = {torch::zeros({2, 4, 10}), torch::ones({2, 4, 10})};
    outputs.latent = torch::randn({2, 4, 10});
    outputs.audio = torch::randn({2, 1, 640});
    outputs.decoded = {torch::randn({2, 4, 160}), torch::randn({2, 1, 640})};
    outputs.bands = torch::randn({2, 4, 160});
  }
  double operator()(const char* name) {
    return losses().at(name).term({batch, outputs, settings, &latent_discriminator, &waveform_discriminator}).item<double>();
  }
};

TEST(Losses, KlOfAStandardNormalIsZeroAndGrowsWithItsMean) {
  Setting s;
  EXPECT_NEAR(s("kl"), 0, 1e-6);
  s.outputs.posterior.mean += 2;
  EXPECT_NEAR(s("kl"), 4 * 4, 1e-5);  // mean^2 summed over 4 latents
}

TEST(Losses, MmdIsNothingForDrawsOfThePriorAndGrowsAsTheyLeaveIt) {
  torch::manual_seed(4);
  Setting s;
  s.outputs.latent = torch::randn({8, 4, 64});
  const double same = s("mmd");
  EXPECT_NEAR(same, 0, 0.02);  // unbiased: around zero, on either side
  s.outputs.latent = torch::randn({8, 4, 64}) + 0.5;
  const double moved = s("mmd");
  s.outputs.latent = torch::randn({8, 4, 64}) + 2;
  EXPECT_GT(moved, 0.1);
  EXPECT_GT(s("mmd"), 3 * moved);
}

TEST(Losses, MmdDrawsLatentsToThePrior) {
  torch::manual_seed(5);
  Setting s;
  const auto shift = torch::full({1, 4, 1}, 3.0, torch::requires_grad());
  torch::optim::Adam adam({shift}, torch::optim::AdamOptions(0.1));
  for (int i = 0; i < 100; ++i) {
    s.outputs.latent = torch::randn({4, 4, 32}) + shift;
    adam.zero_grad();
    losses().at("mmd").term({s.batch, s.outputs, s.settings, nullptr, nullptr}).backward();
    adam.step();
  }
  EXPECT_LT(shift.abs().max().item<double>(), 0.3);
}

TEST(Losses, ConfusionStopsAtChance) {
  Setting s;
  EXPECT_GE(s("fader_confusion"), -std::log(16.0) - 1e-6);
  EXPECT_GT(s("attribute_prediction"), 0);
}

TEST(Losses, PredictionTrainsTheJudgeAndNotTheEncoder) {
  Setting s;
  s.outputs.latent.requires_grad_();
  const LossInput in{s.batch, s.outputs, s.settings, &s.latent_discriminator, nullptr};
  losses().at("attribute_prediction").term(in).backward();
  EXPECT_FALSE(s.outputs.latent.grad().defined());
  s.batch.classes = s.latent_discriminator.forward(s.outputs.latent).argmax(1);  // a judge that is right: better than chance
  losses().at("fader_confusion").term(in).backward();
  EXPECT_GT(s.outputs.latent.grad().abs().sum().item<double>(), 0);
}

TEST(Losses, HingeOfAnUndecidedJudgeIsTwoAScale) {
  Setting s;
  for (auto& p : s.waveform_discriminator.parameters()) p.data().zero_();
  for (auto& p : s.waveform_discriminator.named_parameters())
    if (p.key().find("weight") != std::string::npos) p.value().data().fill_(1);  // a direction must not be zero; the gains are
  EXPECT_NEAR(s("adversarial_discriminator"), 2 * 2, 1e-6);
  EXPECT_NEAR(s("adversarial_generator"), 0, 1e-6);
}

TEST(Losses, FeaturesOfTheSameAudioMatch) {
  Setting s;
  EXPECT_GT(s("feature_matching"), 0);
  s.outputs.decoded.audio = s.outputs.audio;
  EXPECT_EQ(s("feature_matching"), 0);
}

}  // namespace
}  // namespace nr
