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

TEST(Losses, ATermThatAsksAJudgeSaysWhomItTeaches) {
  for (const Loss& loss : losses().rows) EXPECT_EQ(std::string(loss.judge).empty(), loss.teaches.empty()) << loss.name;
}

}  // namespace
}  // namespace nr
