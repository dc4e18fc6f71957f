#include "evaluation/spectral.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/signals.h"

namespace nr {
namespace {

TEST(MultiScaleStft, OfASignalWithItselfIsZero) {
  EXPECT_EQ(multi_scale_stft(noise(8000, 0.1f, 1), noise(8000, 0.1f, 1)), 0);
}

TEST(MultiScaleStft, OfHalfTheLevelIsFiveTimesOneHalfPlusLogTwo) {
  EXPECT_NEAR(multi_scale_stft(noise(16000, 0.2f, 1), noise(16000, 0.1f, 1)), 5 * (0.5 + std::log(2.0)), 2e-3);
}

TEST(MultiScaleStft, DoesNotNeedTheClipToBeLongerThanItsWindow) {
  EXPECT_NEAR(multi_scale_stft(noise(500, 0.2f, 1), noise(500, 0.2f, 1)), 0, 1e-9);
  EXPECT_TRUE(std::isfinite(multi_scale_stft(noise(500, 0.2f, 1), noise(500, 0.1f, 2))));
}

TEST(MultiScaleStft, OfSilenceIsUndefined) {
  EXPECT_TRUE(std::isnan(multi_scale_stft(std::vector<float>(4000), noise(4000, 1, 1))));
}

TEST(LogMel, OfHalfTheLevelIsLogTwoAway) {
  for (const int rate : {16000, 44100})
    EXPECT_NEAR(log_mel_l1(noise(rate, 0.2f, 1), noise(rate, 0.1f, 1), rate), std::log(2.0), 1e-4);
}

TEST(LogMel, OfSilenceStandsOnItsFloor) {
  const MelSpectrogram mel = log_mel(std::vector<float>(4096), 16000, 1024, 256, 80);
  EXPECT_EQ(mel.frames, 17);
  EXPECT_EQ(mel.values.size(), 17u * 80);
  for (const float v : mel.values) EXPECT_NEAR(v, std::log(1e-5), 1e-5);
}

TEST(LogMel, PutsALowToneInALowerBandThanAHighOne) {
  const auto peak = [](double hz) {
    std::vector<float> x(16000);
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(std::sin(2 * M_PI * hz * i / 16000));
    const MelSpectrogram mel = log_mel(x, 16000, 1024, 256, 80);
    const auto row = mel.values.begin() + mel.frames / 2 * mel.mels;
    return std::max_element(row, row + mel.mels) - row;
  };
  EXPECT_LT(peak(300), peak(1000));
  EXPECT_LT(peak(1000), peak(4000));
}

}  // namespace
}  // namespace nr
