#include "losses/table.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "losses/descriptors.h"

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

// A tone that swells over eight latent frames, whose knobs ask for what it is.
struct Obedience : Setting {
  Obedience() {
    settings.controls = {"rms", "centroid"};
    settings.scales = {{"rms", -60, 0, {}}, {"centroid", 6, 12, {}}};
    settings.framing = {8000, 500, 250};
    settings.latent_hop = 1000;
    batch.active = torch::ones({1, 8});
    outputs.decoded.audio = tone(1, 0.25);
    batch.controls = knobs_of(outputs.decoded.audio);
  }
  // Level from `gain` down by `depth` of itself and back, twice.
  static torch::Tensor tone(double gain, double depth) {
    const auto t = torch::arange(8000) / 8000.0;
    return (gain * 0.25 * (1 + depth * torch::sin(4 * M_PI * t)) * torch::sin(2 * M_PI * 440 * t)).reshape({1, 1, 8000});
  }
  torch::Tensor knobs_of(const torch::Tensor& audio) const {
    auto knobs = measure_descriptors(audio, settings.controls, settings.framing, settings.latent_hop);
    for (int i = 0; i < 2; ++i) {
      const Scale& s = settings.scales[i];
      knobs.select(1, i).sub_(s.low).mul_(2 / (s.high - s.low)).sub_(1);
    }
    return knobs;
  }
};

TEST(Losses, ConsistencyIsNothingForASoundThatObeysAndKnowsHowFarOffAnotherIs) {
  Obedience s;
  EXPECT_NEAR(s("reconstruction_consistency"), 0, 1e-9);
  s.outputs.decoded.audio = s.tone(0.5, 0.25);
  const double off = 20 * std::log10(2.0) / 30;  // 6 dB on a knob whose half range is 30: beyond beta, so |error| - beta / 2
  EXPECT_NEAR(s("reconstruction_consistency"), (off - 0.05) / 2, 1e-4) << "half of it: the centroid obeys";
  s.outputs.asked = s.batch.controls, s.outputs.asked_active = s.batch.active.unsqueeze(1).expand({-1, 2, -1});
  s.outputs.exchanged = s.outputs.decoded.audio;
  EXPECT_NEAR(s("exchange_consistency"), (off - 0.05) / 2, 1e-4);
}

TEST(Losses, ConsistencyTakesARequestAtTheEndOfItsRangeForAtLeastOrAtMost) {
  Obedience s;
  s.settings.scales[0] = {"rms", -10, 0, {}};  // the tone lies below all of it
  s.batch.controls.select(1, 0).fill_(-1);
  EXPECT_NEAR(s("reconstruction_consistency"), 0, 1e-9);
  s.batch.controls.select(1, 0).fill_(-0.9);
  EXPECT_GT(s("reconstruction_consistency"), 0.1);
}

TEST(Losses, ConsistencyLeavesTheColourOfSilenceAloneButNotItsLevel) {
  Obedience s;
  s.batch.active.zero_();
  s.batch.controls += 0.4;
  EXPECT_NEAR(s("reconstruction_consistency"), (0.4 - 0.05) / 2, 1e-4);
  EXPECT_EQ(s("reconstruction_movement"), 0);
}

TEST(Losses, MovementComparesShapesAndForgivesAnOffset) {
  Obedience s;
  const double still = s("reconstruction_movement");
  EXPECT_LT(still, 2e-3);
  s.outputs.decoded.audio = s.tone(0.5, 0.25);
  EXPECT_NEAR(s("reconstruction_movement"), still, 1e-4) << "6 dB lower throughout, but it moves as asked";
  s.outputs.decoded.audio = s.tone(1, 0);
  const double deviation = s.batch.controls.select(1, 0).narrow(-1, 1, 6).std(false).item<double>();
  EXPECT_NEAR(s("reconstruction_movement"), deviation / std::hypot(deviation, 0.06) / 2, 2e-3) << "the level stands still: all of the request is error";
  s.outputs.decoded.audio = s.tone(1, -0.25);
  EXPECT_GT(s("reconstruction_movement"), 1.5 * deviation / std::hypot(deviation, 0.06) / 2) << "the wrong way";
}

TEST(Losses, WeighControls) {
  Obedience s;
  s.outputs.decoded.audio = s.tone(0.5, 0.25);
  s.settings.weights = {{"rms", 3}};
  EXPECT_NEAR(s("reconstruction_consistency"), (20 * std::log10(2.0) / 30 - 0.05) * 3 / 4, 1e-4);
}

TEST(Losses, PeriodicityAsksForThePitchAndTheOthersLeaveItAlone) {
  Obedience s;
  s.outputs.decoded.audio = s.tone(0.5, 0.25);
  const double without = s("reconstruction_consistency");
  s.settings.controls.push_back("pitch");
  s.settings.scales.push_back({"pitch", 6, 11, {}});
  const auto asks = [&](double hz) {
    const auto knob = torch::full({1, 1, 8}, 2 * (std::log2(hz) - 6) / 5 - 1);
    s.batch.controls = torch::cat({s.batch.controls.narrow(1, 0, 2), knob}, 1);
    return s("reconstruction_periodicity");
  };
  EXPECT_LT(asks(440), 0.05);
  EXPECT_GT(asks(330), 0.5);
  EXPECT_NEAR(s("reconstruction_consistency"), without, 1e-6);
  s.outputs.exchanged = s.outputs.decoded.audio, s.outputs.asked = s.batch.controls;
  s.outputs.asked_active = torch::ones({1, 3, 8});
  EXPECT_NEAR(s("exchange_periodicity"), s("reconstruction_periodicity"), 1e-6);
  s.batch.active.zero_();
  EXPECT_EQ(s("reconstruction_periodicity"), 0);
}

TEST(Losses, TermsOfOneSoundShareItsMeasurement) {
  Obedience s;
  const LossInput in{s.batch, s.outputs, s.settings, nullptr, nullptr};
  losses().at("reconstruction_consistency").term(in);
  const auto heard = in.heard_own;
  losses().at("reconstruction_movement").term(in);
  EXPECT_TRUE(heard.defined() && heard.is_same(in.heard_own));
  EXPECT_FALSE(in.heard_exchanged.defined());
}

TEST(Losses, ATermThatAsksAJudgeSaysWhomItTeaches) {
  for (const Loss& loss : losses().rows) EXPECT_EQ(std::string(loss.judge).empty(), loss.teaches.empty()) << loss.name;
}

}  // namespace
}  // namespace nr
