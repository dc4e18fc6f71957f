#include "dsp/lane_fft.h"

#include <gmock/gmock.h>

#include <cmath>
#include <complex>

#include "dsp/vector_math.h"
#include "support/errors.h"

namespace nr {
namespace {

constexpr int kWidth = 4;  // every CPU has vectors of 4 floats

std::vector<float> noise(int size) {  // of each lane
  std::vector<float> out(size_t(size) * kWidth);
  uint32_t state = 1;
  for (float& x : out) state = state * 1664525u + 1013904223u, x = float(int32_t(state)) / 2147483648.f;
  return out;
}

Floats<kWidth>* lanes(std::vector<float>& data) { return reinterpret_cast<Floats<kWidth>*>(data.data()); }

TEST(LaneFft, EqualsTheSumOfItsDefinitionInEveryLane) {
  for (const int size : {4, 8, 16, 32, 128, 1024}) {
    const LaneFft fft(size);
    const std::vector<float> x = noise(size);
    std::vector<float> data = x;
    fft.forward<kWidth>(lanes(data));
    for (int lane = 0; lane < kWidth; ++lane)
      for (int k = 0; k <= size / 4; ++k) {
        const auto [low, high] = fft.pair<kWidth>(lanes(data), k);
        const auto expected = [&](int bin) {
          std::complex<double> sum;
          for (int t = 0; t < size; ++t)
            sum += double(x[t * kWidth + lane]) * std::polar(1.0, -2 * M_PI * bin * t / size);
          return sum;
        };
        const std::complex<double> a = expected(k), b = expected(size / 2 - k);
        EXPECT_LT(std::abs(a - std::complex<double>(low.re[lane], low.im[lane])), 1e-6 * size) << size << " " << k;
        EXPECT_LT(std::abs(b - std::complex<double>(high.re[lane], high.im[lane])), 1e-6 * size) << size << " " << k;
      }
  }
}

TEST(LaneFft, TheWayBackGivesTheSignalTimesItsSize) {
  for (const int size : {4, 8, 64, 512, 2048}) {
    const LaneFft fft(size);
    const std::vector<float> x = noise(size);
    std::vector<float> there = x, back(x.size());
    fft.forward<kWidth>(lanes(there));
    for (int k = 0; k <= size / 4; ++k) {
      const auto [low, high] = fft.pair<kWidth>(lanes(there), k);
      fft.set_pair<kWidth>(lanes(back), k, low, high);
    }
    fft.inverse<kWidth>(lanes(back));
    for (size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(back[i] / size, x[i], 1e-6) << size;
  }
}

TEST(LaneFft, RefusesASizeThatIsNoPowerOfTwo) {
  EXPECT_THAT(error_of([] { LaneFft(96); }), testing::HasSubstr("96 samples: expected a power of two"));
}

TEST(LogOf, IsTheLogarithmToAMillionth) {
  for (double x = 1e-37; x < 1e37; x *= 1.37) {
    const Floats<kWidth> found = log_of<kWidth>(Floats<kWidth>{} + float(x));
    EXPECT_NEAR(found[1], std::log(double(float(x))), 2e-7 * std::max(1.0, std::fabs(std::log(x)))) << x;
  }
}

}  // namespace
}  // namespace nr
