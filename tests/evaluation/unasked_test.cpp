#include "evaluation/unasked.h"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluation/set.h"
#include "support/signals.h"

namespace nr {
namespace {

// A sound that grows brighter, and one whose level rises.
Observation brighter() {
  Observation o;
  o.sample_rate = 16000, o.hop = 512, o.window = 1024;
  o.original.resize(16384);
  for (size_t i = 0; i < o.original.size(); ++i) {
    const double t = double(i) / 16000;
    o.original[i] = float(0.2 * std::sin(2 * M_PI * 300 * t) + 0.2 * t * std::sin(2 * M_PI * 5000 * t));
  }
  o.own.audio = o.original;
  o.source.active.assign(32, true);
  return o;
}

double part(const std::vector<Number>& numbers, const std::string& name) {
  for (const Number& n : numbers)
    if (n.part == name) return n.value;
  return NAN;
}

TEST(Unasked, IsOneOfTheOriginalItselfAndFallsWhereTheReconstructionTurnsTheOtherWay) {
  Observation o = brighter();
  EXPECT_NEAR(unasked(o, {})[0].value, 1, 1e-9);
  o.own.audio.assign(o.original.rbegin(), o.original.rend());  // grows duller
  EXPECT_LT(part(unasked(o, {}), "sharpness"), -0.9);
  o.own.audio.assign(o.original.size(), 0.f);
  EXPECT_EQ(part(unasked(o, {}), "sharpness"), 0);
}

TEST(Unasked, LeavesOutWhatIsAControl) {
  Scale sharpness;
  sharpness.descriptor = "sharpness";
  const auto numbers = unasked(brighter(), {sharpness});
  EXPECT_TRUE(std::isnan(part(numbers, "sharpness")));
  EXPECT_FALSE(std::isnan(part(numbers, "loudness")));
  Observation whole_notes = brighter();
  whole_notes.hop = 16384;
  EXPECT_TRUE(unasked(whole_notes, {}).empty());
}

TEST(Exchanged, LevelInSilenceAndClippedSamples) {
  Scale level;
  level.descriptor = "rms", level.low = -80, level.high = 0;
  Observation o = brighter();
  Trial all;
  all.asked = {{1e-4f, 1e-4f, 0.5f}}, all.measured = {{0.01f, 0.01f, 0.3f}};
  all.audio = {0.5f, -1.f, 0.2f, 1.5f};
  o.trials = {all};
  EXPECT_NEAR(silent_energy_exchanged(o, {level})[0].value, -40, 1e-4);
  EXPECT_TRUE(silent_energy_exchanged(o, {}).empty());
  EXPECT_EQ(clipped_exchanged(o, {})[0].value, 0.5);
}

TEST(Exchanged, FrechetDistanceIsToTheOriginals) {
  Observation a = brighter(), b = brighter();
  for (float& x : b.original) x *= 0.1f;
  Trial of_a, of_b;
  of_a.audio = b.original, of_b.audio = a.original;  // each has the other's
  a.trials = {of_a}, b.trials = {of_b};
  const auto swapped = frechet({frechet_exchanged_adds(a, {}), frechet_exchanged_adds(b, {})}, {}, 16000);
  EXPECT_NEAR((swapped[0][0].value + swapped[1][0].value) / 2, 0, 1e-3);
  b.trials[0].audio = b.original;
  const auto soft = frechet({frechet_exchanged_adds(a, {}), frechet_exchanged_adds(b, {})}, {}, 16000);
  EXPECT_GT((soft[0][0].value + soft[1][0].value) / 2, 10);
}

}  // namespace
}  // namespace nr
