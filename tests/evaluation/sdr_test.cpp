#include "evaluation/sdr.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

std::vector<float> one_second(double hz, double amplitude) { return sine(hz, 16000, 16000, amplitude); }

std::vector<float> sum(std::vector<float> a, const std::vector<float>& b, float gain = 1) {
  for (size_t i = 0; i < a.size(); ++i) a[i] += gain * b[i];
  return a;
}

TEST(SiSdr, OfAnOrthogonalErrorIsTheRatioOfPowers) {
  const auto x = one_second(440, 1), noise = one_second(1000, 0.1);
  EXPECT_NEAR(si_sdr(x, sum(x, noise)), 20, 1e-3);
}

TEST(SiSdr, IsScaleInvariant) {
  const auto x = one_second(440, 1), y = sum(x, one_second(1000, 0.1));
  auto louder = y, inverted = y;
  for (float& s : louder) s *= 7.5f;
  for (float& s : inverted) s *= -0.2f;
  EXPECT_NEAR(si_sdr(x, louder), si_sdr(x, y), 1e-4);
  EXPECT_NEAR(si_sdr(x, inverted), si_sdr(x, y), 1e-4);
}

TEST(SiSdr, OfAnUnrelatedSignalIsFarBelowZeroAndOfTheSameFarAbove) {
  EXPECT_LT(si_sdr(one_second(440, 1), one_second(1000, 1)), -60);
  EXPECT_GT(si_sdr(one_second(440, 1), one_second(440, 0.5)), 100);
}

TEST(SiSdr, OfSilenceIsUndefined) {
  EXPECT_TRUE(std::isnan(si_sdr(std::vector<float>(10, 0.f), std::vector<float>(10, 1.f))));
}

TEST(SiSdr, RefusesDifferentLengths) {
  EXPECT_EQ(error_of([] { si_sdr({1, 2}, {1}); }), "si_sdr: 2 samples against 1");
}

}  // namespace
}  // namespace nr
