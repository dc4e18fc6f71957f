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

TEST(PowerMel, GrowsWithTheSquareOfTheLevel) {
  const double of_silence = power_mel_l1(noise(16000, 0.1f, 1), std::vector<float>(16000), 16000);
  EXPECT_GT(of_silence, 0);
  EXPECT_NEAR(power_mel_l1(noise(16000, 0.2f, 1), std::vector<float>(16000), 16000), 4 * of_silence, 1e-3 * of_silence);
  EXPECT_NEAR(power_mel_l1(noise(16000, 0.2f, 1), noise(16000, 0.1f, 1), 16000), 3 * of_silence, 1e-3 * of_silence);
  EXPECT_EQ(power_mel_l1(noise(500, 0.2f, 1), noise(500, 0.2f, 1), 16000), 0) << "shorter than the window";
}

TEST(LogSpectralDistance, OfHalfTheLevelIsSixDecibels) {
  EXPECT_NEAR(log_spectral_distance(noise(16000, 0.2f, 1), noise(16000, 0.1f, 1), 16000), 20 * std::log10(2.0), 0.01);
  EXPECT_EQ(log_spectral_distance(noise(16000, 0.2f, 1), noise(16000, 0.2f, 1), 16000), 0);
  // Silence lies at the floor, 80 dB below the maximum of the whole clip, and noise on the average not so far below it.
  const double silent = log_spectral_distance(noise(16000, 0.2f, 1), std::vector<float>(16000), 16000);
  EXPECT_GT(silent, 55);
  EXPECT_LT(silent, 80);
}

TEST(BandEdges, HearWhatIsAddedBetweenTwoBandsAndNotElsewhere) {
  const auto with = [](double hz) {
    std::vector<float> x = noise(32000, 0.01f, 1);
    for (size_t i = 0; i < x.size(); ++i) x[i] += 0.1f * float(std::sin(2 * M_PI * hz * double(i) / 16000));
    return x;
  };
  const std::vector<float> plain = noise(32000, 0.01f, 1);
  EXPECT_EQ(band_edge_level(plain, plain, 16), 0);
  // One of the 15 edges, between bands of 500 Hz, stands out.
  EXPECT_GT(band_edge_level(plain, with(3000), 16), 2);
  EXPECT_NEAR(band_edge_level(plain, with(3220), 16), 0, 0.2);
  EXPECT_NEAR(band_edge_level(with(3000), with(3000), 16), 0, 1e-6) << "the original has it too";
  EXPECT_TRUE(std::isnan(band_edge_level(plain, plain, 0)));
}

}  // namespace
}  // namespace nr
