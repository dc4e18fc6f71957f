#include "data/augment.h"

#include <gmock/gmock.h>

#include <cmath>

#include "descriptors/descriptor.h"
#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr int kRate = 16000;
const Framing kFraming{kRate, 1024, 256};

std::vector<float> applied(const char* name, double number, std::vector<float> audio, int seed = 3) {
  Random random(seed);
  Augmenter({{name, number}}).apply(audio, kRate, random);
  return audio;
}

double mean_of(const std::vector<float>& audio, const char* descriptor) {
  const std::vector<float> curve = analyse(audio, {descriptor}, kFraming)[0];
  double sum = 0;
  for (size_t i = 8; i + 8 < curve.size(); ++i) sum += curve[i] / static_cast<double>(curve.size() - 16);
  return sum;
}

// What the table says of each row is held against every descriptor.
TEST(Augmentations, ThatKeepDescriptorsDo) {
  const std::vector<float> sound = harmonic(220, kRate, 16000);
  const std::vector<std::string> names = descriptors().names();
  const auto before = analyse(sound, names, kFraming);
  for (const Augmentation& row : augmentations().rows) {
    if (!row.keeps_descriptors) continue;
    const auto after = analyse(applied(row.name, row.most, sound), names, kFraming);
    for (size_t d = 0; d < names.size(); ++d) {
      const Descriptor& descriptor = descriptors().at(names[d]);
      const double range = warp(descriptor.warp, descriptor.high < 0 ? kRate / 2.0 : descriptor.high) - warp(descriptor.warp, descriptor.low);
      for (size_t i = 8; i + 8 < before[d].size(); ++i)
        EXPECT_NEAR(warp(descriptor.warp, after[d][i]), warp(descriptor.warp, before[d][i]), 0.02 * range) << row.name << ", " << names[d] << " at " << i;
    }
  }
}

TEST(Augmentations, DoSomethingAndTheSameForTheSameDraw) {
  const std::vector<float> sound = harmonic(220, kRate, 16000);
  for (const Augmentation& row : augmentations().rows) {
    EXPECT_EQ(applied(row.name, row.most, sound), applied(row.name, row.most, sound)) << row.name;
    EXPECT_NE(applied(row.name, row.most, sound), sound) << row.name;
    EXPECT_EQ(applied(row.name, 0, sound), sound) << row.name;
  }
}

TEST(Augmentations, GainMovesTheLevelByAtMostItsNumber) {
  const std::vector<float> sound = harmonic(220, kRate, 16000);
  double lowest = 0, highest = 0;
  for (int seed = 0; seed < 50; ++seed) {
    const double change = 20 * std::log10(mean_of(applied("gain", 6, sound, seed), "rms") / mean_of(sound, "rms"));
    lowest = std::min(lowest, change), highest = std::max(highest, change);
  }
  EXPECT_NEAR(lowest, -6, 0.7);
  EXPECT_NEAR(highest, 6, 0.7);
  EXPECT_GE(lowest, -6.001);
  EXPECT_LE(highest, 6.001);
}

TEST(Augmentations, PitchShiftMovesPitchAndLengthTogether) {
  const std::vector<float> sound = harmonic(220, kRate, 32000);
  for (int seed = 0; seed < 5; ++seed) {
    const std::vector<float> shifted = applied("pitch_shift", 5, sound, seed);
    const double ratio = mean_of(shifted, "pitch") / 220;
    EXPECT_NEAR(ratio * static_cast<double>(shifted.size()), 32000, 100) << seed;
    EXPECT_LE(std::abs(12 * std::log2(ratio)), 5.01);
    EXPECT_LE(32000.0 / static_cast<double>(shifted.size()), Augmenter({{"pitch_shift", 5}}).fastest() + 1e-3);
  }
}

TEST(Augmentations, AllPassKeepsTheSpectrumOfASteadySound) {
  const std::vector<float> sound = harmonic(220, kRate, 32000), turned = applied("all_pass", 1, sound);
  EXPECT_NEAR(mean_of(turned, "rms") / mean_of(sound, "rms"), 1, 0.02);
  EXPECT_NEAR(mean_of(turned, "centroid") / mean_of(sound, "centroid"), 1, 0.02);
}

TEST(Augmentations, CompressionNarrowsTheRangeOfLevels) {
  std::vector<float> sound = harmonic(220, kRate, 32000);
  for (int i = 0; i < 16000; ++i) sound[i] *= 0.05f;
  const auto contrast = [](const std::vector<float>& x) {
    const std::vector<float> rms = analyse(x, {"rms"}, kFraming)[0];
    return rms[90] / rms[30];
  };
  EXPECT_LT(contrast(applied("compression", 1, sound)), 0.9 * contrast(sound));
}

TEST(Augmenter, RefusesNamesAndNumbersItDoesNotKnow) {
  EXPECT_EQ(error_of([] { Augmenter({{"polarty", 1}}); }), "no augmentation named 'polarty' (did you mean 'polarity'?)");
  EXPECT_EQ(error_of([] { Augmenter({{"gain", 99}}); }), "data.augment.gain is 99: expected 0 to 40");
}

}  // namespace
}  // namespace nr
