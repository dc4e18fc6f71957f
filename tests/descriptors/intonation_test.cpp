#include "descriptors/intonation.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

// Frames with these pitches; 0: unvoiced.
PitchTrack track(const std::vector<float>& hz, float level = 0.1f) {
  PitchTrack out;
  for (const float f : hz) out.hz.push_back(f > 0 ? f : 300), out.strength.push_back(f > 0 ? 0.8f : 0.1f);
  out.level.assign(hz.size(), level);
  return out;
}

constexpr float kSharp = 1.0350f, kWide = 1.0250f;  // 59.6 and 42.7 cents

TEST(Intonation, CountsFramesWithin50Cents) {
  const Intonation found = intonation(track({100, 200, 300, 400, 500, 0, 0}),
                                      track({100, 200 * kWide, 300 * kSharp, 0, 500 / kWide, 600, 0}));
  EXPECT_EQ(found.voiced, 5);
  EXPECT_EQ(found.in_tune, 3);
  EXPECT_EQ(found.both, 4);
  EXPECT_EQ(found.played, 5);
  EXPECT_EQ(found.octaves, 0);
  EXPECT_DOUBLE_EQ(found.share(), 0.6);
  ASSERT_EQ(found.cents.size(), 4u);
  EXPECT_NEAR(found.cents[2], 59.6, 0.1);
}

TEST(Intonation, KnowsOctavesFromOtherIntervals) {
  const Intonation found =
      intonation(track({400, 400, 400, 400, 400}), track({800, 100, 200 * kWide, 600, 800 * kSharp}));
  EXPECT_EQ(found.in_tune, 0);
  EXPECT_EQ(found.octaves, 3);
}

TEST(Intonation, AsksForTheWantedPitchTimesTheRatioWithinBounds) {
  const PitchTrack wanted = track({40, 200, 200, 200, 200, 200}), lower = track({20, 100, 100, 100, 100, 100});
  EXPECT_EQ(intonation(wanted, lower, 0.5).voiced, 5);  // 20 Hz is out of what can be measured
  EXPECT_EQ(intonation(wanted, lower, 0.5).share(), 1);
  EXPECT_EQ(intonation(wanted, wanted, 0.5).share(), 0);
  EXPECT_EQ(intonation(wanted, lower, 0.5, {110, 2000}).voiced, 0);
}

TEST(Intonation, LeavesNearSilenceOutAndIsUndefinedForFewFrames) {
  const PitchTrack four = track({100, 100, 100, 100, 0}), five = track({100, 100, 100, 100, 100});
  EXPECT_TRUE(std::isnan(intonation(four, four).share()));
  EXPECT_EQ(intonation(five, five).share(), 1);
  EXPECT_EQ(intonation(track({100, 100, 100, 100, 100}, 1e-3f), five).voiced, 0);
}

TEST(Intonation, RefusesTracksOfDifferentLength) {
  EXPECT_EQ(error_of([] { intonation(track({100}), track({100, 100})); }),
            "intonation: 2 frames played against 1 wanted");
}

}  // namespace
}  // namespace nr
