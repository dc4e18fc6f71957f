#include "evaluation/curves.h"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluation/combinations.h"
#include "support/errors.h"

namespace nr {
namespace {

Scale scale(const std::string& name, double low, double high) {
  Scale s;
  s.descriptor = name, s.low = low, s.high = high;
  return s;
}
const Scale kCentroid = scale("centroid", 7, 12);  // 128 ... 4096 Hz

std::vector<float> hertz(const std::vector<double>& octaves) {
  std::vector<float> out;
  for (const double o : octaves) out.push_back(static_cast<float>(std::exp2(o)));
  return out;
}
const std::vector<double> kRamp{8, 8.25, 8.5, 8.75, 9, 9.25, 9.5, 9.75, 10, 10.25};
const std::vector<bool> kEvery(10, true);

TEST(Compare, ACurveAnOctaveTooHighIsPerfectlyCorrelatedAndAnOctaveOff) {
  std::vector<double> higher = kRamp;
  for (double& o : higher) o += 1;
  const Fit fit = compare(hertz(kRamp), hertz(higher), kEvery, kCentroid);
  EXPECT_NEAR(fit.pearson, 1, 1e-6);
  EXPECT_NEAR(fit.spearman, 1, 1e-9);
  EXPECT_NEAR(fit.l1_warped, 1, 1e-5);
  EXPECT_NEAR(fit.l1, 2.0 / 5, 1e-5);
  double mean = 0;
  for (const double o : kRamp) mean += std::exp2(o) / 10;
  EXPECT_NEAR(fit.l1_physical, mean, 1e-3 * mean);
}

TEST(Compare, LooksOnlyWhereTheMaskSays) {
  std::vector<double> wrong = kRamp;
  wrong[0] = 12, wrong[1] = 12;
  std::vector<bool> where = kEvery;
  EXPECT_LT(compare(hertz(kRamp), hertz(wrong), where, kCentroid).pearson, 0.5);
  where[0] = where[1] = false;
  EXPECT_NEAR(compare(hertz(kRamp), hertz(wrong), where, kCentroid).pearson, 1, 1e-6);
}

TEST(Compare, SevenFramesAreTooFew) {
  std::vector<bool> where(10, true);
  where[0] = where[4] = where[8] = false;
  const Fit fit = compare(hertz(kRamp), hertz(kRamp), where, kCentroid);
  EXPECT_EQ(fit.frames, 7);
  EXPECT_TRUE(std::isnan(fit.pearson));
  EXPECT_TRUE(std::isnan(fit.l1));
}

TEST(Compare, ARequestThatHardlyMovesHasAnErrorButNoCorrelation) {
  std::vector<double> flat = kRamp;
  for (size_t i = 0; i < flat.size(); ++i) flat[i] = 9 + (i % 2 ? 0.149 : -0.149);  // 2.98 % of five octaves
  EXPECT_TRUE(std::isnan(compare(hertz(flat), hertz(flat), kEvery, kCentroid).pearson));
  EXPECT_NEAR(compare(hertz(flat), hertz(flat), kEvery, kCentroid).l1, 0, 1e-9);
  for (size_t i = 0; i < flat.size(); ++i) flat[i] = 9 + (i % 2 ? 0.151 : -0.151);
  EXPECT_NEAR(compare(hertz(flat), hertz(flat), kEvery, kCentroid).pearson, 1, 1e-6);
}

TEST(Compare, AnOutputThatStandsStillHasNoCorrelationRatherThanAnUndefinedOne) {
  EXPECT_EQ(compare(hertz(kRamp), std::vector<float>(10, 500.f), kEvery, kCentroid).pearson, 0);
  EXPECT_EQ(compare(hertz(kRamp), std::vector<float>(10, 500.f), kEvery, kCentroid).spearman, 0);
}

TEST(Position, SpansItsRangeInPerceptualUnitsAndGoesOnBeyond) {
  EXPECT_NEAR(position(kCentroid, 128), -1, 1e-6);
  EXPECT_NEAR(position(kCentroid, 4096), 1, 1e-6);
  EXPECT_NEAR(position(kCentroid, 8192), 1.4, 1e-6);
  EXPECT_NEAR(bounded({8192}, kCentroid)[0], 4096, 0.1);
}

TEST(Wrapped, RepeatsAShortDonorAndCutsALongOne) {
  EXPECT_EQ(wrapped(std::vector<int>{1, 2, 3}, 7), (std::vector<int>{1, 2, 3, 1, 2, 3, 1}));
  EXPECT_EQ(wrapped(std::vector<int>{1, 2, 3}, 2), (std::vector<int>{1, 2}));
}

TEST(MeasureCurves, FollowsASineThatStartsAfterSilence) {
  const int rate = 16000, hop = 1024, frames = 16;
  std::vector<float> x(frames * hop);
  for (size_t i = x.size() / 2; i < x.size(); ++i)
    x[i] = 0.5f * static_cast<float>(std::sin(2 * M_PI * 1000 * i / rate));
  const std::vector<Scale> scales{kCentroid, scale("rms", -50, -5)};
  const Measured m = measure_curves(x, 0, x.size(), scales, {rate, 1024, 256}, hop);
  ASSERT_EQ(m.curves.size(), 2u);
  EXPECT_NEAR(m.curves[0][12], 1000, 20);
  EXPECT_NEAR(m.curves[0][2], m.curves[0][8], 400);  // silence takes the nearest sound's
  EXPECT_NEAR(m.curves[1][12], 0.5 / std::sqrt(2), 0.01);
  for (const int silent : {0, 3, 6})
    EXPECT_FALSE(m.active[silent]) << silent;  // a window reaches half its length into frame 7
  for (int i = 8; i < frames; ++i) EXPECT_TRUE(m.active[i]) << i;
}

TEST(MeasureCurves, SeesAPartWithWhatLiesAroundIt) {
  std::vector<float> x(8192);
  for (size_t i = 0; i < x.size(); ++i) x[i] = 0.5f * static_cast<float>(std::sin(2 * M_PI * 1000 * i / 16000));
  const std::vector<Scale> scales{kCentroid, scale("rms", -50, -5)};
  const Framing framing{16000, 1024, 256};
  const Measured part =
      measure_curves(x, 2048, 4096 + 300, scales, framing, 1024);  // two measurements in the last frame
  const Measured alone = measure_curves({x.begin() + 2048, x.begin() + 2048 + 4396}, 0, 4396, scales, framing, 1024);
  ASSERT_EQ(part.curves[0].size(), 5u);
  ASSERT_EQ(part.active, std::vector<bool>(5, true));
  for (int i = 0; i < 5; ++i) {
    EXPECT_NEAR(part.curves[0][i], 1000, 5) << i;
    EXPECT_NEAR(part.curves[1][i], 0.5 / std::sqrt(2), 0.01) << i;
  }
  EXPECT_LT(alone.curves[1][0], 0.95 * part.curves[1][0]);  // cut, it begins and ends in silence
  EXPECT_GT(alone.curves[0][4], 1100);
  EXPECT_EQ(error_of([&] { measure_curves(x, 100, 4096, scales, framing, 1024); }),
            "measure_curves: 4096 samples from 100 on of 8192");
  EXPECT_EQ(error_of([&] { measure_curves(x, 2048, 8192, scales, framing, 1024); }),
            "measure_curves: 8192 samples from 2048 on of 8192");
}

TEST(TrainingCombinations, AreAtDistanceZeroFromThemselvesAndAtTheNearestOnesElsewhere) {
  const TrainingCombinations combinations({{0.f, 0.f}, {1.f, 1.f}}, 1);
  EXPECT_EQ(combinations.size(), 2);
  EXPECT_NEAR(combinations.nearest({1, 1}), 0, 1e-7);
  EXPECT_NEAR(combinations.nearest({0, 0.4f}), 0.4 / std::sqrt(2), 1e-6);
  EXPECT_TRUE(std::isnan(TrainingCombinations({}, 1).nearest({0, 0})));
}

TEST(TrainingCombinations, AverageOverTheFramesThatShouldSound) {
  const TrainingCombinations combinations({{0.f}}, 1);  // the middle of the range
  const Curves asked{hertz({9.5, 12, 7})};
  EXPECT_NEAR(combinations.mean_distance(asked, {true, true, false}, {kCentroid}), 0.5, 1e-5);
  EXPECT_TRUE(std::isnan(combinations.mean_distance(asked, {false, false, false}, {kCentroid})));
}

TEST(TrainingCombinations, KeepASampleOfVeryMany) {
  std::vector<std::vector<float>> points;
  for (int i = 0; i < TrainingCombinations::kMost + 5000; ++i) points.push_back({static_cast<float>(i)});
  const TrainingCombinations combinations(points, 1);
  EXPECT_EQ(combinations.size(), TrainingCombinations::kMost);
  EXPECT_LT(combinations.nearest({TrainingCombinations::kMost + 4999.f}), 50);
}

}  // namespace
}  // namespace nr
