#include "export/runtime/pitch_cv.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace nr {
namespace {

constexpr double kCent = 1 / 1200.0;

TEST(Calibration, OfTwoReadingsGivesTheirVoltages) {
  const Calibration found = calibrated(0.31f, 0.89f);
  EXPECT_NEAR(found.volts(0.31f), 1, 1e-6);
  EXPECT_NEAR(found.volts(0.89f), 3, 1e-6);
  EXPECT_NEAR(found.volts(0.6f), 2, 1e-6);
}

TEST(Calibration, IsPlausibleWithinTheTolerancesOfParts) {
  const Calibration nominal{5, 0};
  EXPECT_TRUE(plausible({5.2f, -0.1f}, nominal));
  for (const Calibration wrong : {Calibration{-5, 0}, {10, 0}, {5, 1}, {std::nanf(""), 0}, {5, std::nanf("")}})
    EXPECT_FALSE(plausible(wrong, nominal)) << wrong.scale << " " << wrong.offset;
  EXPECT_FALSE(plausible(calibrated(0.2f, 0.2f), nominal));
}

// Readings while the button is held for so many ticks of 0.1 s, then let go.
bool hold(Calibrator& calibrator, Calibration& calibration, float reading, int ticks, float noise = 0) {
  for (int i = 0; i < ticks; ++i)
    EXPECT_FALSE(calibrator.update(true, reading + (i % 2 ? noise : -noise), 0.1f, {5, 0}, calibration));
  return calibrator.update(false, -1, 0.1f, {5, 0}, calibration);
}

TEST(Calibrator, AveragesWhatItReadsAtOneAndThreeVolts) {
  Calibrator calibrator;
  Calibration calibration{5, 0};
  EXPECT_FALSE(hold(calibrator, calibration, 0.21f, 20, 0.01f));
  EXPECT_TRUE(calibrator.waiting());
  EXPECT_EQ(calibration, (Calibration{5, 0}));
  EXPECT_FALSE(hold(calibrator, calibration, 0.9f, 3)) << "a short press is none";
  EXPECT_TRUE(hold(calibrator, calibration, 0.62f, 20, 0.01f));
  EXPECT_FALSE(calibrator.waiting());
  EXPECT_NEAR(calibration.volts(0.21f), 1, 1e-5);
  EXPECT_NEAR(calibration.volts(0.62f), 3, 1e-5);
}

TEST(Calibrator, KeepsTheOldCalibrationWhereTheVoltagesCannotBeRight) {
  Calibrator calibrator;
  Calibration calibration{4.9f, 0.02f};
  hold(calibrator, calibration, 0.2f, 20);
  EXPECT_FALSE(hold(calibrator, calibration, 0.2f, 20)) << "twice the same voltage";
  EXPECT_EQ(calibration, (Calibration{4.9f, 0.02f}));
  EXPECT_FALSE(calibrator.waiting()) << "begins again";
}

TEST(PitchCv, FollowsNotesAtOnce) {
  PitchCv cv;
  for (const double volts : {2.0, 2.0 + 1 / 12.0, 0.0, 5.0, 4.5, -1.25})
    EXPECT_FLOAT_EQ(cv.octaves(float(volts)), volts);
}

TEST(PitchCv, IsNeverMoreThanFiveCentsFromWhatItReads) {
  for (double step = 0.25; step < 60; step += 0.25) {
    PitchCv cv;
    cv.octaves(1);
    EXPECT_LT(std::fabs(cv.octaves(float(1 + step * kCent)) - (1 + step * kCent)), 5.01 * kCent) << step << " cents";
  }
}

TEST(PitchCv, HasNoHysteresis) {
  for (const double cents : {-19.0, -1.0, 0.5, 7.0}) {
    PitchCv cv;
    cv.octaves(1);
    for (int i = 0; i < 60; ++i) cv.octaves(float(1 + cents * kCent));
    EXPECT_NEAR(cv.octaves(float(1 + cents * kCent)), 1 + cents * kCent, 0.05 * kCent);
  }
}

TEST(PitchCv, AveragesNoise) {
  Random random(3);
  PitchCv cv;
  double read = 0, given = 0;
  for (int i = 0; i < 4000; ++i) {
    const double noise = random.normal() * kCent;
    const double octaves = cv.octaves(float(2 + noise)) - 2;
    if (i < 100) continue;
    read += noise * noise, given += octaves * octaves;
  }
  EXPECT_LT(given, read / 8);
}

TEST(PitchCv, KeepsTheLastPitchWhereAReadingIsNoNumber) {
  PitchCv cv;
  EXPECT_EQ(cv.octaves(std::nanf("")), 0);
  EXPECT_EQ(cv.octaves(3), 3);
  EXPECT_EQ(cv.octaves(std::nanf("")), 3);
  EXPECT_EQ(cv.octaves(INFINITY), 10);
  EXPECT_EQ(cv.octaves(-INFINITY), -10);
}

}  // namespace
}  // namespace nr
