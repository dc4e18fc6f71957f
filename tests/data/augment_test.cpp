#include "data/augment.h"

#include <gmock/gmock.h>

#include <cmath>
#include <tuple>

#include "descriptors/descriptor.h"
#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr int kRate = 16000;
const Framing kFraming{kRate, 1024, 256};

std::vector<float> applied(const char* name, double number, std::vector<float> audio, int seed = 3) {
  Random random(seed);
  std::vector<float> drawn(augmentations().at(name).draws.size());
  Augmenter({{name, number}}).apply(audio, kRate, random, drawn.data());
  return audio;
}

// What a row says that it drew.
std::vector<float> drawn(const char* name, double number, int seed) {
  std::vector<float> audio = sine(300, kRate, 4096, 0.5), out(augmentations().at(name).draws.size(), NAN);
  Random random(seed);
  Augmenter({{name, number}}).apply(audio, kRate, random, out.data());
  return out;
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
      const auto warped = [&](double value) { return warp(descriptor.warp, value); };
      const double range = warped(descriptor.high < 0 ? kRate / 2.0 : descriptor.high) - warped(descriptor.low);
      for (size_t i = 8; i + 8 < before[d].size(); ++i)
        EXPECT_NEAR(warped(after[d][i]), warped(before[d][i]), 0.02 * range)
            << row.name << ", " << names[d] << " at " << i;
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

TEST(Augmentations, TellWhatTheyDrew) {
  const std::vector<float> sound = harmonic(220, kRate, 32000);
  for (int seed = 0; seed < 8; ++seed) {
    const double decibels = drawn("gain", 12, seed)[0];
    EXPECT_NEAR(20 * std::log10(mean_of(applied("gain", 12, sound, seed), "rms") / mean_of(sound, "rms")), decibels,
                1e-3);
    const double semitones = drawn("pitch_shift", 5, seed)[0];
    EXPECT_NEAR(12 * std::log2(mean_of(applied("pitch_shift", 5, sound, seed), "pitch") / 220), semitones, 0.05);
    const float sign = drawn("polarity", 0.5, seed)[0];
    EXPECT_EQ(applied("polarity", 0.5, sound, seed)[100], sign * sound[100]);
    const float silent = drawn("mute", 0.5, seed)[0];
    EXPECT_EQ(applied("mute", 0.5, sound, seed)[100], silent == 1 ? 0 : sound[100]);
    EXPECT_EQ(drawn("noise_floor", 0.7, seed)[0], 0.7f);
  }
}

// An all-pass delays most at its pole's frequency: two sines there and far from it.
TEST(Augmentations, TellWhereTheAllPassTurnsThePhase) {
  const double hertz = drawn("all_pass", 1, 5)[0];
  ASSERT_GE(hertz, 20);
  ASSERT_LE(hertz, 2000);
  const auto change = [&](double at) {
    const std::vector<float> before = sine(at, kRate, 32000, 0.5), after = applied("all_pass", 1, before, 5);
    double together = 0, alone = 0;
    for (size_t i = 16000; i < before.size(); ++i) together += before[i] * after[i], alone += before[i] * before[i];
    return together / alone;  // the cosine of the turn
  };
  EXPECT_LT(change(hertz), -0.9);
  EXPECT_GT(change(3 * hertz), 0.9);
}

TEST(Augmentations, TellTheThresholdAndTheRatioOfACompression) {
  const std::vector<float> told = drawn("compression", 1, 4), tone = sine(500, kRate, 32000, 0.9);
  ASSERT_EQ(told.size(), 2u);
  const double before = 20 * std::log10(mean_of(tone, "rms"));
  const double after = 20 * std::log10(mean_of(applied("compression", 1, tone, 4), "rms"));
  const double level = before + 3;  // a detector with a slow release stays near the peak
  EXPECT_NEAR(before - after, (level - told[0]) * (1 - 1 / told[1]), 1);
}

TEST(Augmentations, TellTheSameOfEveryCropTheyLeaveAlone) {
  for (const auto& [name, number, neutral] : std::vector<std::tuple<const char*, double, std::vector<float>>>{
           {"all_pass", 1e-9, {0}}, {"compression", 1e-9, {0, 1}}, {"mute", 1e-9, {0}}, {"polarity", 1e-9, {1}}})
    for (int seed = 0; seed < 5; ++seed) EXPECT_EQ(drawn(name, number, seed), neutral) << name;
}

TEST(Augmenter, NamesItsDrawsInTheOrderOfTheTable) {
  const Augmenter augmenter({{"noise_floor", 1}, {"compression", 0.5}, {"gain", 6}, {"mute", 0}});
  EXPECT_THAT(augmenter.draws(), testing::ElementsAre("compression.threshold", "compression.ratio", "gain.decibels",
                                                      "noise_floor.amplitude"));
}

// With the same draws, an effect (here a gain and a filter that rings on) stays the same effect.
TEST(Augmentations, ThatKeepPairsKeepALinearEffect) {
  const auto effect = [](std::vector<float> x) {
    for (size_t i = 1; i < x.size(); ++i) x[i] = 0.5f * x[i] + 0.4f * x[i - 1];
    return x;
  };
  const std::vector<float> dry = harmonic(220, kRate, 8000), wet = effect(dry);
  for (const Augmentation& row : augmentations().rows) {
    if (!row.keeps_pairs) continue;
    const std::vector<float> expected = effect(applied(row.name, row.most, dry)),
                             found = applied(row.name, row.most, wet);
    for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(found[i], expected[i], 1e-4) << row.name << " at " << i;
  }
}

TEST(Augmenter, RefusesWhatDoesNotKeepPairs) {
  EXPECT_EQ(
      error_of([] {
        Augmenter({{"gain", 6}, {"pitch_shift", 2}}, true);
      }),
      "data.augment.pitch_shift is 2: expected 0 with data.wet, as the dry and the wet sound would no longer belong "
      "together");
  EXPECT_EQ(error_of([] { Augmenter({{"gain", 6}, {"pitch_shift", 0}}, true); }), "no error");
}

TEST(Augmenter, RefusesNamesAndNumbersItDoesNotKnow) {
  EXPECT_EQ(error_of([] {
              Augmenter({{"polarty", 1}});
            }),
            "no augmentation named 'polarty' (did you mean 'polarity'?)");
  EXPECT_EQ(error_of([] { Augmenter({{"gain", 99}}); }), "data.augment.gain is 99: expected 0 to 40");
}

}  // namespace
}  // namespace nr
