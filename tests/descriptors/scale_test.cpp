#include "descriptors/scale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<float> centroids(int count) {
  Random random(1);
  std::vector<float> values(count);
  for (float& v : values) v = static_cast<float>(std::exp2(random.uniform(8, 12)));
  return values;
}

void expect_increasing(const Scale& scale) {
  for (size_t i = 1; i < scale.edges.size(); ++i) EXPECT_LT(scale.edges[i - 1], scale.edges[i]);
}

TEST(Warp, IsBoundedBelowAndUndoneByUnwarp) {
  EXPECT_EQ(warp(Warp::kDecibel, 0), -120);
  EXPECT_EQ(warp(Warp::kOctave, 0), 0);
  EXPECT_NEAR(warp(Warp::kDecibel, 0.5), -6.0206, 1e-4);
  EXPECT_NEAR(warp(Warp::kOctave, 880) - warp(Warp::kOctave, 440), 1, 1e-12);
  EXPECT_TRUE(std::isnan(warp(Warp::kOctave, kNan)) && std::isnan(warp(Warp::kDecibel, kNan)));
  for (const Warp unit : {Warp::kLinear, Warp::kDecibel, Warp::kOctave})
    EXPECT_NEAR(unwarp(unit, warp(unit, 123.4)), 123.4, 1e-9);
}

TEST(Scale, LeavesOnePercentOutOnEachSide) {
  const Scale scale = fit_scale("centroid", centroids(10000), 16);
  EXPECT_NEAR(scale.low, 8.04, 0.02);
  EXPECT_NEAR(scale.high, 11.96, 0.02);
}

TEST(Scale, ForgetsOneOutlier) {
  std::vector<float> values = centroids(10000);
  values.push_back(1), values.push_back(1e6f);
  EXPECT_NEAR(fit_scale("centroid", values, 16).high, 11.96, 0.02);
}

TEST(Scale, ComesBackFromTheControlToThePhysicalValue) {
  const Scale scale = fit_scale("centroid", centroids(1000), 16);
  for (double octave = 8.1; octave < 11.9; octave += 0.1) {
    const auto hz = static_cast<float>(std::exp2(octave));
    EXPECT_NEAR(scale.physical(scale.normalise(hz)), hz, 1e-4 * hz);
  }
  for (float x = -1; x <= 1; x += 0.125f) EXPECT_NEAR(scale.normalise(scale.physical(x)), x, 1e-5);
}

TEST(Scale, ClipsWhatLiesOutsideAndKeepsWhatIsUndefined) {
  const Scale scale = fit_scale("centroid", centroids(1000), 16);
  EXPECT_EQ(scale.normalise(1), -1);
  EXPECT_EQ(scale.normalise(20000), 1);
  EXPECT_TRUE(std::isnan(scale.normalise(kNan)));
  EXPECT_EQ(scale.class_of(kNan), 0);
}

TEST(Classes, HoldEqualShares) {
  const std::vector<float> values = centroids(16000);
  const Scale scale = fit_scale("centroid", values, 16);
  ASSERT_EQ(scale.edges.size(), 15u);
  std::vector<int> count(16);
  for (const float value : values) ++count[scale.class_of(value)];
  for (const int c : count) EXPECT_NEAR(c, 1000, 2);
}

TEST(Classes, AreAllDistinctAlsoWhenSilenceRepeats) {
  for (const int silent : {500, 8000, 100000}) {
    std::vector<float> values(silent, 0.f);
    Random random(2);
    for (int i = 0; i < 2000; ++i) values.push_back(static_cast<float>(random.uniform(0.001, 0.5)));
    const Scale scale = fit_scale("rms", values, 16);
    expect_increasing(scale);
    std::vector<int> count(16);
    for (const float value : values) ++count[scale.class_of(value)];
    for (int c = 0; c < 16; ++c) EXPECT_GT(count[c], 50) << "class " << c << " with " << silent << " silent frames";
  }
}

TEST(Classes, OfFewDifferentValuesAreStillOrdered) {
  const std::vector<float> values{100, 100, 200, 200, 200, 400};
  const Scale scale = fit_scale("centroid", values, 16);
  ASSERT_EQ(scale.edges.size(), 15u);
  expect_increasing(scale);
  EXPECT_LT(scale.class_of(100), scale.class_of(200));
  EXPECT_LT(scale.class_of(200), scale.class_of(400));
}

TEST(Scale, OfNearlyConstantValuesSpansThemAll) {
  std::vector<float> values(1000, 440.f);
  values.push_back(880);
  const Scale scale = fit_scale("pitch", values, 2);
  EXPECT_EQ(scale.normalise(440), -1);
  EXPECT_EQ(scale.normalise(880), 1);
}

TEST(Scale, SaysWhenADescriptorCannotBeAControl) {
  EXPECT_EQ(error_of([] {
              fit_scale("pitch", {440, 440, kNan}, 16);
            }),
            "descriptor pitch has the same value in all 2 active frames: it cannot be a control");
  EXPECT_EQ(error_of([] { fit_scale("pitch", {kNan}, 16); }),
            "descriptor pitch has no value in any active frame: nothing to scale by");
  EXPECT_EQ(error_of([] { fit_scale("centriod", {1, 2}, 16); }).find("no descriptor named 'centriod'"), 0u);
}

}  // namespace
}  // namespace nr
