#include "losses/table.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "losses/descriptors.h"
#include "losses/measured.h"
#include "support/signals.h"

namespace nr {
namespace {

struct Setting {
  Values values;
  Measuring measuring;
  LossSettings settings;
  Setting() {
    settings.stft_sizes = settings.band_stft_sizes = {64};
    values.set("posterior.mean", torch::zeros({2, 4, 10}));
    values.set("posterior.std", torch::ones({2, 4, 10}));
    values.set("latent", torch::randn({2, 4, 10}));
  }
  double operator()(const char* name) {
    settings.controls = measuring.controls;
    add_measured(values, measuring, "decoded", "batch.controls");
    add_measured(values, measuring, "exchanged", "exchanged.controls");
    return losses().at(name).value({values, settings, {}}).item<double>();
  }
};

TEST(Losses, KlOfAStandardNormalIsZeroAndGrowsWithItsMean) {
  Setting s;
  EXPECT_NEAR(s("kl"), 0, 1e-6);
  s.values.set("posterior.mean", torch::full({2, 4, 10}, 2.0));
  EXPECT_NEAR(s("kl"), 4 * 4, 1e-5);  // mean^2 summed over 4 latents
}

TEST(Losses, OutOfTuneIsTheShareOfVoicedFramesWithAnotherPitch) {
  Setting s;
  s.settings.sample_rate = 16000;
  const auto tone = [](double hz) { return torch::tensor(harmonic(hz, 16000, 8000)).reshape({1, 1, -1}); };
  s.values.set("target.audio", torch::cat({tone(300), tone(400)}));
  s.values.set("decoded.audio", torch::cat({tone(300), tone(400)}));
  EXPECT_EQ(s("out_of_tune"), 0);
  s.values.set("decoded.audio", torch::cat({tone(251), tone(400)}));
  EXPECT_NEAR(s("out_of_tune"), 0.5, 0.01);
  s.values.set("target.audio", torch::zeros({2, 1, 8000}));
  EXPECT_TRUE(std::isnan(s("out_of_tune")));
}

TEST(Losses, MmdIsNothingForDrawsOfThePriorAndGrowsAsTheyLeaveIt) {
  torch::manual_seed(4);
  Setting s;
  s.values.set("latent", torch::randn({8, 4, 64}));
  const double same = s("mmd");
  EXPECT_NEAR(same, 0, 0.02);  // unbiased: around zero, on either side
  s.values.set("latent", torch::randn({8, 4, 64}) + 0.5);
  const double moved = s("mmd");
  s.values.set("latent", torch::randn({8, 4, 64}) + 2);
  EXPECT_GT(moved, 0.1);
  EXPECT_GT(s("mmd"), 3 * moved);
}

TEST(Losses, MmdDrawsLatentsToThePrior) {
  torch::manual_seed(5);
  Setting s;
  const auto shift = torch::full({1, 4, 1}, 3.0, torch::requires_grad());
  torch::optim::Adam adam({shift}, torch::optim::AdamOptions(0.1));
  for (int i = 0; i < 100; ++i) {
    s.values.set("latent", torch::randn({4, 4, 32}) + shift);
    adam.zero_grad();
    losses().at("mmd").value({s.values, s.settings, {}}).backward();
    adam.step();
  }
  EXPECT_LT(shift.abs().max().item<double>(), 0.3);
}

// A tone that swells over eight latent frames, whose controls ask for what it is.
struct Obedience : Setting {
  Obedience() {
    measuring.controls = {"rms", "centroid"};
    measuring.scales = {{"rms", -60, 0, {}}, {"centroid", 6, 12, {}}};
    measuring.framing = {8000, 500, 250};
    measuring.latent_hop = 1000;
    values.set("batch.active", torch::ones({1, 8}));
    values.set("decoded.audio", tone(1, 0.25));
    values.set("batch.controls", controls_of(values["decoded.audio"]));
  }
  // Level from `gain` down by `depth` of itself and back, twice.
  static torch::Tensor tone(double gain, double depth) {
    const auto t = torch::arange(8000) / 8000.0;
    const auto level = gain * 0.25 * (1 + depth * torch::sin(4 * M_PI * t));
    return (level * torch::sin(2 * M_PI * 440 * t)).reshape({1, 1, 8000});
  }
  torch::Tensor controls_of(const torch::Tensor& audio) const {
    auto controls = measure_descriptors(audio, measuring.controls, measuring.framing, measuring.latent_hop);
    for (int i = 0; i < 2; ++i) {
      const Scale& s = measuring.scales[i];
      controls.select(1, i).sub_(s.low).mul_(2 / (s.high - s.low)).sub_(1);
    }
    return controls;
  }
};

TEST(Losses, ConsistencyIsNothingForASoundThatObeysAndKnowsHowFarOffAnotherIs) {
  Obedience s;
  EXPECT_NEAR(s("reconstruction_consistency"), 0, 1e-9);
  s.values.set("decoded.audio", s.tone(0.5, 0.25));
  const double off =
      20 * std::log10(2.0) / 30;  // 6 dB on a control whose half range is 30: beyond beta, so |error| - beta / 2
  EXPECT_NEAR(s("reconstruction_consistency"), (off - 0.05) / 2, 1e-4) << "half of it: the centroid obeys";
  s.values.set("exchanged.controls", s.values["batch.controls"]);
  s.values.set("exchanged.active", s.values["batch.active"].unsqueeze(1).expand({-1, 2, -1}));
  s.values.set("exchanged.audio", s.values["decoded.audio"]);
  EXPECT_NEAR(s("exchange_consistency"), (off - 0.05) / 2, 1e-4);
}

TEST(Losses, ConsistencyTakesARequestAtTheEndOfItsRangeForAtLeastOrAtMost) {
  Obedience s;
  s.measuring.scales[0] = {"rms", -10, 0, {}};  // the tone lies below all of it
  s.values["batch.controls"].select(1, 0).fill_(-1);
  EXPECT_NEAR(s("reconstruction_consistency"), 0, 1e-9);
  s.values["batch.controls"].select(1, 0).fill_(-0.9);
  EXPECT_GT(s("reconstruction_consistency"), 0.1);
}

TEST(Losses, ConsistencyLeavesTheColourOfSilenceAloneButNotItsLevel) {
  Obedience s;
  s.values["batch.active"].zero_();
  s.values.set("batch.controls", s.values["batch.controls"] + 0.4);
  EXPECT_NEAR(s("reconstruction_consistency"), (0.4 - 0.05) / 2, 1e-4);
  EXPECT_EQ(s("reconstruction_movement"), 0);
}

TEST(Losses, MovementComparesShapesAndForgivesAnOffset) {
  Obedience s;
  const double still = s("reconstruction_movement");
  EXPECT_LT(still, 2e-3);
  s.values.set("decoded.audio", s.tone(0.5, 0.25));
  EXPECT_NEAR(s("reconstruction_movement"), still, 1e-4) << "6 dB lower throughout, but it moves as asked";
  s.values.set("decoded.audio", s.tone(1, 0));
  const double deviation = s.values["batch.controls"].select(1, 0).narrow(-1, 1, 6).std(false).item<double>();
  EXPECT_NEAR(s("reconstruction_movement"), deviation / std::hypot(deviation, 0.06) / 2, 2e-3)
      << "the level stands still: all of the request is error";
  s.values.set("decoded.audio", s.tone(1, -0.25));
  EXPECT_GT(s("reconstruction_movement"), 1.5 * deviation / std::hypot(deviation, 0.06) / 2) << "the wrong way";
}

TEST(Losses, WeighControls) {
  Obedience s;
  s.values.set("decoded.audio", s.tone(0.5, 0.25));
  s.settings.weights = {{"rms", 3}};
  EXPECT_NEAR(s("reconstruction_consistency"), (20 * std::log10(2.0) / 30 - 0.05) * 3 / 4, 1e-4);
}

TEST(Losses, PeriodicityAsksForThePitchAndTheOthersLeaveItAlone) {
  Obedience s;
  s.values.set("decoded.audio", s.tone(0.5, 0.25));
  const double without = s("reconstruction_consistency");
  s.measuring.controls.push_back("pitch");
  s.measuring.scales.push_back({"pitch", 6, 11, {}});
  const auto asks = [&](double hz) {
    const auto pitch = torch::full({1, 1, 8}, 2 * (std::log2(hz) - 6) / 5 - 1);
    s.values.set("batch.controls", torch::cat({s.values["batch.controls"].narrow(1, 0, 2), pitch}, 1));
    return s("reconstruction_periodicity");
  };
  EXPECT_LT(asks(440), 0.05);
  EXPECT_GT(asks(330), 0.5);
  EXPECT_NEAR(s("reconstruction_consistency"), without, 1e-6);
  s.values.set("exchanged.audio", s.values["decoded.audio"]);
  s.values.set("exchanged.controls", s.values["batch.controls"]);
  s.values.set("exchanged.active", torch::ones({1, 3, 8}));
  EXPECT_NEAR(s("exchange_periodicity"), s("reconstruction_periodicity"), 1e-6);
  s.values["batch.active"].zero_();
  EXPECT_EQ(s("reconstruction_periodicity"), 0);
}

TEST(Losses, OfOneSoundShareItsMeasurementUntilTheNextUpdate) {
  Obedience s;
  s("reconstruction_consistency");
  const torch::Tensor measured = s.values["decoded.descriptors"];
  losses().at("reconstruction_movement").value({s.values, s.settings, {}});
  EXPECT_TRUE(measured.is_same(s.values["decoded.descriptors"]));
  s.values.begin_update();
  EXPECT_FALSE(measured.is_same(s.values["decoded.descriptors"]));
}

TEST(Losses, ThatReadADiscriminatorSayWhichPartsTheyTrain) {
  for (const Loss& loss : losses().rows) {
    const bool reads = std::any_of(loss.reads.begin(), loss.reads.end(), [](const std::string& name) {
      return name == "latent_discriminator" || name == "waveform_discriminator";
    });
    if (reads) {
      EXPECT_FALSE(loss.trains.empty()) << loss.name;
    }
  }
}

}  // namespace
}  // namespace nr
