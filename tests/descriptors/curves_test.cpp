#include <gtest/gtest.h>

#include <limits>

#include "descriptors/descriptor.h"
#include "support/allocation.h"
#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
const std::vector<std::string>& all() {
  static const std::vector<std::string> names = descriptors().names();
  return names;
}

TEST(Curves, HaveOneMeasurementAHopAlsoForAPartOfOne) {
  for (const int samples : {0, 1, 255, 256, 257, 4096}) {
    const auto curves = analyse(noise(samples), all(), {16000, 1024, 256});
    ASSERT_EQ(curves.size(), all().size());
    for (const auto& curve : curves) EXPECT_EQ(int(curve.size()), (samples + 255) / 256) << samples;
  }
}

TEST(Curves, PlaceAStepWhereItHappens) {
  const int hop = 256, latent = 1024;
  for (const int window : {512, 1024, 2048})
    for (const int at : {16 * 1024, 16 * 1024 + 300, 16 * 1024 + 512}) {
      std::vector<float> x(32 * 1024);
      for (int n = at; n < int(x.size()); ++n) x[n] = n % 2 ? 0.5f : -0.5f;
      std::vector<float> power = analyse(x, {"rms"}, {16000, window, hop})[0];
      for (float& v : power) v *= v / 0.25f;
      const std::vector<float> frames = average(power, latent / hop);
      double before = 0;  // latent frames until the step: the area above the curve
      for (const float v : frames) before += 1 - v;
      double after = 0;  // the window's own half beyond the end counts as silence
      for (size_t i = 16; i < frames.size(); ++i) after = std::max<double>(after, frames[i]);
      EXPECT_NEAR(after, 1, 1e-6);
      const double end = window / 8.0 / latent;                 // its area: a triangle of half a window by a half
      const double error = before - end - double(at) / latent;  // latent frames
      RecordProperty(text("window_", window, "_at_", at), text(error));
      EXPECT_NEAR(error, 0, 0.02) << window << " " << at;
    }
}

TEST(Curves, OfAShiftedSignalAreShifted) {
  const std::vector<float> x = noise(8192);
  std::vector<float> later(512);
  later.insert(later.end(), x.begin(), x.end());
  const auto a = analyse(x, all(), {16000, 1024, 256}), b = analyse(later, all(), {16000, 1024, 256});
  for (size_t d = 0; d < 5; ++d)
    for (size_t i = 2; i < 30; ++i) EXPECT_EQ(a[d][i], b[d][i + 2]) << all()[d];
}

TEST(Average, LeavesUndefinedMeasurementsOut) {
  const std::vector<float> mean = average({1, 3, kNan, 5, kNan, kNan, 7}, 2);
  ASSERT_EQ(mean.size(), 4u);
  EXPECT_EQ(mean[0], 2);
  EXPECT_EQ(mean[1], 5);
  EXPECT_TRUE(std::isnan(mean[2]));
  EXPECT_EQ(mean[3], 7);
}

TEST(Gaps, AreFilledFromTheNearestValueInTime) {
  std::vector<float> curve{kNan, kNan, 1, kNan, kNan, kNan, kNan, 2, kNan};
  fill_gaps(curve, 0);
  EXPECT_EQ(curve, (std::vector<float>{1, 1, 1, 1, 1, 2, 2, 2, 2}));
  std::vector<float> nothing{kNan, kNan};
  fill_gaps(nothing, 440);
  EXPECT_EQ(nothing, (std::vector<float>{440, 440}));
}

TEST(Active, IsWithin35DecibelsOfTheLoudestAndAboveMinus55) {
  const auto db = [](double x) { return static_cast<float>(std::pow(10, x / 20)); };
  EXPECT_EQ(active_frames({db(-10), db(-44.9), db(-45.1), 0}), (std::vector<bool>{true, true, false, false}));
  EXPECT_EQ(active_frames({db(-30), db(-54.9), db(-55.1)}), (std::vector<bool>{true, true, false}));
  EXPECT_EQ(active_frames({0, 0}), (std::vector<bool>{false, false}));
}

TEST(Analyser, NeverAllocatesWhileItProcesses) {
  Analyser analyser(all(), {16000, 1024, 256});
  const std::vector<float> tone = harmonic(220, 16000, 1024), hiss = noise(1024), silence(1024);
  std::vector<float> values(all().size());
  const int64_t before = allocations();
  for (const auto* window : {&tone, &hiss, &silence}) analyser.process(window->data(), values.data());
  analyser.reset();
  EXPECT_EQ(allocations(), before);
  EXPECT_GT(before, 0);
}

TEST(Analyser, GivesTheSameValueInAnyCompany) {
  const std::vector<float> x = harmonic(220, 16000, 8192);
  const auto together = analyse(x, all(), {16000, 1024, 256});
  for (size_t d = 0; d < all().size(); ++d)
    EXPECT_EQ(analyse(x, {all()[d]}, {16000, 1024, 256})[0][10], together[d][10]) << all()[d];
}

TEST(Analyser, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_of([] {
              Analyser({"rms"}, {16000, 1022, 256});
            }),
            "a descriptor window of 1022 samples: expected an even number without prime factors above 5, such as 1024");
  EXPECT_EQ(error_of([] {
              Analyser({"rms"}, {0, 1024, 256});
            }),
            "descriptors at 0 Hz every 256 samples: both must be positive");
  EXPECT_NE(error_of([] { Analyser({"centriod"}, {16000, 1024, 256}); }).find("centroid"), std::string::npos);
}

}  // namespace
}  // namespace nr
