#include "descriptors/timbre_slopes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "descriptors/timbre.h"

namespace nr {
namespace {

ThirdOctaveLevels drawn(uint64_t seed) {
  Random random(seed);
  ThirdOctaveLevels levels;
  for (double& level : levels) level = random.uniform(20, 80);
  return levels;
}

// By the descriptors' own functions.
double reference(const std::string& name, const ThirdOctaveLevels& levels) {
  SpecificLoudness loudness;
  specific_loudness(levels, loudness);
  const Framing framing{};
  Frame frame{framing};
  frame.loudness = &loudness;
  return name == "sharpness" ? sharpness(frame) : name == "warmth" ? warmth(frame) : booming(frame);
}

TEST(TimbreSlopes, HaveTheDescriptorsValues) {
  for (const char* name : {"sharpness", "warmth", "booming"})
    for (uint64_t seed = 1; seed < 20; ++seed) {
      TimbreSlopes found;
      ASSERT_TRUE(timbre_slopes(name, drawn(seed), found));
      const double expected = reference(name, drawn(seed));
      EXPECT_NEAR(found.value, expected, 1e-6 * (1 + std::abs(expected))) << name << " " << seed;
    }
}

// But where the loudness model takes another branch between the two levels: few of the bands.
TEST(TimbreSlopes, AreThoseOfSmallDifferences) {
  for (const char* name : {"sharpness", "warmth", "booming"}) {
    int different = 0, all = 0;
    for (uint64_t seed = 1; seed < 20; ++seed) {
      TimbreSlopes found;
      timbre_slopes(name, drawn(seed), found);
      for (size_t band = 0; band < 28; ++band) {
        TimbreSlopes up, down;
        ThirdOctaveLevels levels = drawn(seed);
        levels[band] += 1e-6;
        timbre_slopes(name, levels, up);
        levels[band] -= 2e-6;
        timbre_slopes(name, levels, down);
        const double slope = (up.value - down.value) / 2e-6;
        different += std::abs(found.slope[band] - slope) > 1e-6 + 1e-4 * std::abs(slope), ++all;
      }
    }
    EXPECT_LT(different, all / 100) << name;
  }
}

TEST(TimbreSlopes, OfWhatCannotBeHeardAreNotDefined) {
  ThirdOctaveLevels levels;
  levels.fill(-100);
  TimbreSlopes found;
  EXPECT_FALSE(timbre_slopes("sharpness", levels, found));
  // One band that rises out of silence: values and slopes are finite all the way.
  for (const char* name : {"sharpness", "warmth", "booming"})
    for (int band : {3, 12, 20})
      for (double level = -5; level < 40; level += 0.01) {
        levels.fill(-100), levels[size_t(band)] = level;
        if (!timbre_slopes(name, levels, found)) continue;
        EXPECT_TRUE(std::isfinite(found.value)) << name << " " << level;
        for (const double slope : found.slope) EXPECT_LT(std::abs(slope), 1e4) << name << " " << level;
      }
}

}  // namespace
}  // namespace nr
