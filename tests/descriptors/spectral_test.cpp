#include <gtest/gtest.h>

#include "descriptors/descriptor.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr Framing kFraming{16000, 1024, 256};

// The mean over measurements whose windows lie inside the signal.
double mean(const std::string& name, const std::vector<float>& x, const Framing& framing = kFraming) {
  const std::vector<float> curve = analyse(x, {name}, framing)[0];
  const size_t margin = size_t(framing.window / framing.hop);
  double sum = 0;
  for (size_t i = margin; i + margin < curve.size(); ++i) sum += curve[i];
  return sum / double(curve.size() - 2 * margin);
}

TEST(Rms, OfASineIsItsAmplitudeByRootTwo) {
  EXPECT_NEAR(mean("rms", sine(1000, 16000, 16000, 0.5)), 0.5 / std::sqrt(2), 1e-4);
}

TEST(Rms, OfSilenceIsZeroAndNotUndefined) { EXPECT_EQ(analyse(std::vector<float>(4096), {"rms"}, kFraming)[0][4], 0); }

TEST(Centroid, OfASineIsItsFrequencyAtAnyRate) {
  for (const int rate : {16000, 22050, 44100, 48000})
    for (const double hz : {300.0, 1000.0, 3217.0})
      EXPECT_NEAR(mean("centroid", sine(hz, rate, rate), {rate, 2048, 512}), hz, 0.01 * hz) << rate;
}

TEST(Centroid, OfWhiteNoiseIsHalfOfNyquist) { EXPECT_NEAR(mean("centroid", noise(160000)), 4000, 30); }

TEST(Bandwidth, OfTwoEqualSinesIsHalfTheirDistance) {
  std::vector<float> x = sine(2000, 16000, 16000, 0.4);
  const std::vector<float> y = sine(5000, 16000, 16000, 0.4);
  for (size_t i = 0; i < x.size(); ++i) x[i] += y[i];
  EXPECT_NEAR(mean("bandwidth", x), 1500, 15);
}

TEST(Bandwidth, OfWhiteNoiseIsThatOfAUniformDistribution) {
  EXPECT_NEAR(mean("bandwidth", noise(160000)), 8000 / std::sqrt(12), 30);
}

TEST(Flatness, OfWhiteNoiseIsExpOfMinusEulersConstant) { EXPECT_NEAR(mean("flatness", noise(160000)), 0.5615, 0.005); }

TEST(Flatness, OfASineIsNearlyZero) { EXPECT_LT(mean("flatness", sine(1000, 16000, 16000)), 1e-5); }

TEST(Rolloff, OfWhiteNoiseIsItsShareOfNyquist) { EXPECT_NEAR(mean("rolloff", noise(160000)), 0.85 * 8000, 60); }

TEST(Rolloff, OfASineIsItsBin) { EXPECT_NEAR(mean("rolloff", sine(1000, 16000, 16000)), 1000, 16); }

TEST(Shape, DoesNotDependOnLevel) {
  const std::vector<float> loud = noise(16000, 0.1), quiet = noise(16000, 0.01);
  for (const char* name : {"centroid", "bandwidth", "flatness", "rolloff"})
    EXPECT_NEAR(mean(name, loud) / mean(name, quiet), 1, 1e-4) << name;
}

TEST(Shape, OfSilenceIsUndefined) {
  const auto curves =
      analyse(std::vector<float>(4096), {"centroid", "bandwidth", "flatness", "rolloff", "pitch"}, kFraming);
  for (const auto& curve : curves)
    for (const float value : curve) EXPECT_TRUE(std::isnan(value));
}

}  // namespace
}  // namespace nr
