#include "synth/similarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "audio/clip.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr int kRate = 22050;

TEST(SoundDistances, AreNothingBetweenASoundAndItself) {
  const auto x = harmonic(220, kRate, kRate);
  const SoundDistances d = compare_sounds(x, x, kRate);
  for (const double zero : {d.sc, d.mse, d.lm, d.mss, d.wmfcc, d.sot}) EXPECT_EQ(zero, 0);
  EXPECT_NEAR(d.rms, 1, 1e-12);
}

TEST(SoundDistances, OfASoundTwiceAsLoudAreTheirClosedForms) {
  const auto x = noise(kRate, 0.1);
  auto y = x;
  for (float& v : y) v *= 2;
  const SoundDistances d = compare_sounds(x, y, kRate);
  EXPECT_NEAR(d.sc, 3, 1e-4) << "power times 4";
  EXPECT_NEAR(d.mss, 20 * std::log10(2), 0.01);
  EXPECT_NEAR(d.sot, 0, 1e-6) << "normalised spectra";
  EXPECT_NEAR(d.rms, 1, 1e-9);
  const SoundDistances silence = compare_sounds(x, std::vector<float>(x.size()), kRate);
  EXPECT_NEAR(silence.sc, 1, 1e-9);
  EXPECT_TRUE(std::isnan(silence.rms));
  EXPECT_TRUE(std::isnan(compare_sounds(std::vector<float>(x.size()), x, kRate).sc));
}

// Moving all energy from one frequency to another costs their distance, as a share of half the rate.
TEST(SoundDistances, TransportASineByItsInterval) {
  const auto a = sine(1000, kRate, kRate), b = sine(3000, kRate, kRate);
  EXPECT_NEAR(compare_sounds(a, b, kRate).sot, 2000.0 / (kRate / 2), 0.01);
}

// An impulse later by 0.2 s is the same to a warped distance, not to one frame by frame.
TEST(SoundDistances, WarpTimeInMfcc) {
  std::vector<float> a(kRate), b(kRate);
  const auto tone = harmonic(330, kRate, kRate / 4);
  std::copy(tone.begin(), tone.end(), a.begin() + kRate / 4);
  std::copy(tone.begin(), tone.end(), b.begin() + kRate / 4 + kRate / 5);
  const SoundDistances moved = compare_sounds(a, b, kRate),
                       other = compare_sounds(a, noise(kRate, 0.05), kRate);
  EXPECT_LT(moved.wmfcc, 0.1 * other.wmfcc);
  EXPECT_GT(moved.sc, 0.5);
}

TEST(SoundDistances, OfLevelsFollowTheEnvelope) {
  std::vector<float> first(kRate), second(kRate);
  const auto tone = sine(440, kRate, kRate / 2);
  std::copy(tone.begin(), tone.end(), first.begin());
  std::copy(tone.begin(), tone.end(), second.begin() + kRate / 2);
  EXPECT_LT(compare_sounds(first, second, kRate).rms, 0.05);
}

// An independent implementation: tests/reference/mel.py. Below 1e-4, 71 dB under the peak, the 16 bits of the recording
// are noise as loud as a float's rounding.
TEST(MelPower, OfAChirpAgreesWithLibrosa) {
  const std::string stem = std::string(NR_SOURCE_DIR) + "/tests/reference/mel_chirp";
  const Clip clip = read_clip(stem + ".flac");
  const MelShape shape;
  ASSERT_EQ(clip.sample_rate, shape.sample_rate);
  const MelPower ours = mel_power(clip.samples, shape);
  std::ifstream in(stem + ".csv");
  std::vector<double> theirs;
  for (std::string number, line; std::getline(in, line);)
    for (std::istringstream row(line); std::getline(row, number, ',');) theirs.push_back(std::stod(number));
  ASSERT_EQ(theirs.size(), ours.values.size());
  double worst = 0, loud = 0;
  for (size_t i = 0; i < theirs.size(); ++i) {
    if (theirs[i] > 1e-4) worst = std::max(worst, std::fabs(ours.values[i] / theirs[i] - 1)), ++loud;
    EXPECT_NEAR(ours.values[i], theirs[i], 1e-8 + 1e-4 * theirs[i]) << i;
  }
  EXPECT_LT(worst, 1e-4);
  EXPECT_GT(loud, 100);
}

TEST(MelPower, HasTheShapeAndPlaceOfASine) {
  MelShape shape;
  const MelPower m = mel_power(sine(440, kRate, 4 * kRate), shape);
  EXPECT_EQ(m.mels, 64);
  EXPECT_EQ(m.frames, 4 * kRate / 1024 + 1);
  const double* frame = m.values.data() + 40 * 64;
  const auto top = std::max_element(frame, frame + 64) - frame;
  const auto slaney = [](double hz) {
    return hz < 1000 ? hz * 3 / 200 : 15 + 27 * std::log(hz / 1000) / std::log(6.4);
  };
  const double band = (slaney(440) - slaney(30)) / (slaney(11000) - slaney(30)) * 65 - 1;
  EXPECT_NEAR(double(top), band, 1);
}

}  // namespace
}  // namespace nr
