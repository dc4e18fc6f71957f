#include <gtest/gtest.h>

#include "descriptors/descriptor.h"
#include "descriptors/yin.h"
#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

double cents(double a, double b) { return 1200 * std::log2(a / b); }

TEST(Pitch, OfHarmonicTonesIsTheirFundamentalWithin3Cents) {
  for (const auto& [rate, window] : {std::pair(16000, 1024), std::pair(44100, 2560)})
    for (const double hz : {27.5, 41.2, 82.4, 110.0, 220.0, 441.0, 880.0, 1760.0, 2793.8, 4100.0}) {
      Yin yin(rate, window);
      const std::vector<float> x = harmonic(hz, rate, window);
      EXPECT_LT(std::fabs(cents(yin.of(x.data()).hz, hz)), 3) << rate << " " << hz;
    }
}

// Every second period is a little louder: the fixed threshold of the paper takes the octave below.
TEST(Pitch, OfAToneWithAFaintSubharmonicIsTheTone) {
  std::vector<float> x = harmonic(440, 16000, 1024), faint = harmonic(220, 16000, 1024, 3);
  for (size_t i = 0; i < x.size(); ++i) x[i] += 0.1f * faint[i];
  EXPECT_LT(std::fabs(cents(Yin(16000, 1024).of(x.data()).hz, 440)), 5);
}

TEST(Pitch, OfAToneWithoutItsFundamentalIsStillTheFundamental) {
  std::vector<float> x = harmonic(200, 16000, 2048), first = harmonic(200, 16000, 2048, 1);
  for (size_t i = 0; i < x.size(); ++i) x[i] -= first[i];
  EXPECT_LT(std::fabs(cents(Yin(16000, 2048).of(x.data()).hz, 200)), 5);
}

// One frame in five has a strong subharmonic, as where a string's two modes beat.
TEST(Pitch, StaysInItsOctaveFromFrameToFrame) {
  const std::vector<float> tone = harmonic(440, 16000, 1024), below = harmonic(220, 16000, 1024, 3);
  std::vector<float> both(tone);
  for (size_t i = 0; i < both.size(); ++i) both[i] += 0.3f * below[i];
  Yin yin(16000, 1024);
  EXPECT_LT(std::fabs(cents(yin.of(both.data()).hz, 220)), 20);
  for (int frame = 1; frame <= 20; ++frame)
    EXPECT_LT(std::fabs(cents(yin.next(frame % 5 ? tone.data() : both.data()).hz, 440)), 20) << frame;
  yin.reset();
  EXPECT_LT(std::fabs(cents(yin.next(both.data()).hz, 220)), 20);
}

TEST(Pitch, FollowsALeapOfAnOctave) {
  const std::vector<float> low = harmonic(220, 16000, 1024), high = harmonic(440, 16000, 1024);
  Yin yin(16000, 1024);
  for (int frame = 0; frame < 10; ++frame) yin.next(low.data());
  EXPECT_LT(std::fabs(cents(yin.next(high.data()).hz, 440)), 20);
  for (int frame = 0; frame < 10; ++frame) yin.next(high.data());
  EXPECT_LT(std::fabs(cents(yin.next(low.data()).hz, 220)), 20);
}

TEST(Pitch, IsSureOfTonesAndNotOfNoise) {
  Yin yin(16000, 2048);
  EXPECT_GT(yin.of(harmonic(220, 16000, 2048).data()).confidence, 0.9);
  EXPECT_LT(yin.of(noise(2048).data()).confidence, 0.5);
}

TEST(Pitch, HasItsConfidenceAsACurve) {
  const Framing framing{16000, 2048, 512};
  EXPECT_GT(analyse(harmonic(220, 16000, 16000), {"periodicity"}, framing)[0][10], 0.9);
  EXPECT_LT(analyse(noise(16000), {"periodicity"}, framing)[0][10], 0.5);
  EXPECT_EQ(analyse(std::vector<float>(16000), {"periodicity"}, framing)[0][10], 0);
}

TEST(Pitch, OfNoiseIsUndefined) {
  const std::vector<float> curve = analyse(noise(16000), {"pitch"}, {16000, 2048, 512})[0];
  for (size_t i = 4; i + 4 < curve.size(); ++i) EXPECT_TRUE(std::isnan(curve[i])) << curve[i];
}

TEST(Pitch, RefusesAWindowThatHoldsNoPeriod) {
  EXPECT_EQ(error_of([] { Yin yin(48000, 16); }),
            "pitch from 16 samples at 48000 Hz: the window is shorter than any period");
}

}  // namespace
}  // namespace nr
