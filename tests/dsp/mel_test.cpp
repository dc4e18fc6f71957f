#include "dsp/mel.h"

#include <gtest/gtest.h>

namespace nr {
namespace {

TEST(Mel, IsLinearToOneKilohertzAndThen27StepsAFactorOf6Point4) {
  EXPECT_NEAR(hz_to_mel(1000), 15, 1e-12);
  EXPECT_NEAR(hz_to_mel(500), 7.5, 1e-12);
  EXPECT_NEAR(hz_to_mel(6400), 42, 1e-12);
  for (const double hz : {20.0, 440.0, 3000.0, 12000.0}) EXPECT_NEAR(mel_to_hz(hz_to_mel(hz)), hz, 1e-9 * hz);
}

TEST(Mel, FiltersAreTrianglesOfUnitAreaInHertz) {
  const int rate = 16000, n_fft = 4096, mels = 40, bins = n_fft / 2 + 1;
  const std::vector<float> filters = mel_filters(rate, n_fft, mels);
  ASSERT_EQ(filters.size(), size_t(mels * bins));
  for (int m = 0; m < mels; ++m) {
    double area = 0, moment = 0;
    for (int k = 0; k < bins; ++k)
      area += filters[m * bins + k] * double(rate) / n_fft, moment += filters[m * bins + k] * double(k);
    EXPECT_NEAR(area, 1, 0.01) << m;
    EXPECT_GT(moment, 0);
  }
}

TEST(Mel, FilterPeaksWhereItsNeighboursEnd) {
  const int bins = 1025;
  const std::vector<float> filters = mel_filters(16000, 2048, 20);
  for (int k = 0; k < bins; ++k) {  // at most two filters hear one bin
    int heard = 0;
    for (int m = 0; m < 20; ++m) heard += filters[m * bins + k] > 0;
    EXPECT_LE(heard, 2) << k;
  }
}

TEST(Mel, FiltersOfHtkOverlapToOne) {
  const int bins = 1025, mels = 40;
  const std::vector<float> filters = htk_mel_filters(16000, 2048, mels);
  ASSERT_EQ(filters.size(), size_t(mels * bins));
  // Corners at 700 (10^(m / 2595) - 1) Hz, m = 0 to 2840.02 in 41 steps: the first peaks at 44.4, the last at 7,481 Hz.
  for (int k = 0; k < bins; ++k) {
    double sum = 0;
    for (int m = 0; m < mels; ++m) sum += filters[size_t(m * bins + k)];
    const double hz = k * 16000.0 / 2048;
    if (hz > 45 && hz < 7480) EXPECT_NEAR(sum, 1, 1e-5) << hz;
    if (k == 0 || k == bins - 1) EXPECT_NEAR(sum, 0, 1e-6);
  }
  EXPECT_NEAR(filters[size_t(39 * bins + 958)], 1, 0.02) << "7,484 Hz";
}

}  // namespace
}  // namespace nr
