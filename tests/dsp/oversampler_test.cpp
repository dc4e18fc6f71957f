#include "dsp/oversampler.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dsp/saturation.h"
#include "dsp/simd.h"

namespace nr {
namespace {

std::vector<float> there_and_back(const std::vector<float>& x, int block) {
  Oversampler oversampler;
  std::vector<float> fast(size_t(block) * Oversampler::kFactor), out(x.size());
  for (int i = 0; i < int(x.size()); i += block) {
    const int count = std::min(block, int(x.size()) - i);
    oversampler.up(&x[size_t(i)], count, fast.data());
    oversampler.down(fast.data(), count, &out[size_t(i)]);
  }
  return out;
}

std::vector<float> sine(double cycles_a_sample, int samples) {
  std::vector<float> out;
  for (int i = 0; i < samples; ++i) out.push_back(float(std::sin(2 * M_PI * cycles_a_sample * i)));
  return out;
}

TEST(Oversampler, GivesBackWhatItGotLaterByItsLatency) {
  for (const double frequency : {0.001, 0.1, 0.3, 0.44}) {
    const std::vector<float> x = sine(frequency, 4000), y = there_and_back(x, 4000);
    for (size_t i = 500; i < x.size(); ++i) ASSERT_NEAR(y[i], x[i - Oversampler::kLatency], 2e-4) << frequency;
  }
}

TEST(Oversampler, OfBlocksOfAnySizeIsTheSame) {
  const std::vector<float> x = sine(0.01, 3000), whole = there_and_back(x, 3000);
  for (const int block : {1, 7, 64, 1000}) EXPECT_TRUE(there_and_back(x, block) == whole) << block;
}

TEST(Oversampler, LetsNothingThroughThatLiesAboveHalfTheRate) {
  for (const double frequency : {0.51, 0.6, 1.0, 1.9, 3.3}) {
    const std::vector<float> fast = sine(frequency / Oversampler::kFactor, 8 * 2000);
    std::vector<float> y(2000);
    Oversampler().down(fast.data(), 2000, y.data());
    for (size_t i = 500; i < y.size(); ++i) ASSERT_LT(std::fabs(y[i]), 3e-5) << frequency;
  }
}

TEST(Oversampler, MakesNoImages) {
  const std::vector<float> x = sine(0.2, 2000);
  std::vector<float> fast(8 * 2000);
  Oversampler().up(x.data(), 2000, fast.data());
  constexpr double kDelay = 63 * 4 + 13 * 2 + 9;  // at eight times the rate
  for (size_t i = 4000; i < fast.size(); ++i)
    ASSERT_NEAR(fast[i], std::sin(2 * M_PI * 0.2 / 8 * (double(i) - kDelay)), 2e-4);
}

TEST(Saturation, IsTheFunctionAtEveryWidth) {
  const int best = simd_width();
  for (const int width : {4, best}) {
    simd_width() = width;
    std::vector<float> x;
    for (int i = -3001; i <= 3001; ++i) x.push_back(float(std::copysign(std::pow(std::fabs(i) / 1000.0, 3), i)));
    for (const float extreme : {0.f, 1e-20f, 1e20f, -1e20f}) x.push_back(extreme);
    std::vector<float> tanh = x, arctangent = x, exponential = x;
    tanh_of_all(tanh.data(), int(x.size()));
    arctangent_of_all(arctangent.data(), int(x.size()));
    exponential_of_all(exponential.data(), int(x.size()));
    for (size_t i = 0; i < x.size(); ++i) {
      const double of = x[i];
      ASSERT_NEAR(tanh[i], std::tanh(of), 3e-7) << of;
      ASSERT_NEAR(arctangent[i], 2 / M_PI * std::atan(M_PI / 2 * of), 3e-7) << of;
      ASSERT_NEAR(exponential[i], std::copysign(-std::expm1(-std::fabs(of)), of), 3e-7) << of;
    }
  }
  simd_width() = best;
}

}  // namespace
}  // namespace nr
