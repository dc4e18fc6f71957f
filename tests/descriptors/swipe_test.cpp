#include "descriptors/swipe.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

using Amplitude = std::function<double(int)>;  // of partial k = 1, 2, 3, ...

std::vector<float> tone(double hz, int rate, double seconds, const Amplitude& amplitude) {
  std::vector<float> x(static_cast<size_t>(seconds * rate));
  for (int k = 1; k * hz < rate / 2.0 && k < 100; ++k)
    for (size_t i = 0; amplitude(k) > 0 && i < x.size(); ++i)
      x[i] += static_cast<float>(0.05 * amplitude(k) * std::sin(2 * M_PI * k * hz * double(i) / rate + k * k));
  return x;
}

const Amplitude kSaw = [](int k) { return 1.0 / k; };

struct Errors {
  double cents = 0;    // the greatest
  int octaves = 0;     // frames further than 50 cents away
  float strength = 1;  // the least
};

// Of frames whose windows lie inside the tone.
Errors errors(Swipe& swipe, double hz, int rate, const Amplitude& amplitude) {
  const PitchTrack track = swipe.track(tone(hz, rate, 0.26, amplitude));
  EXPECT_GT(track.size(), 12u);
  Errors out;
  for (size_t i = 6; i + 6 < track.size(); ++i) {
    const double cents = std::fabs(1200 * std::log2(track.hz[i] / hz));
    out.cents = std::max(out.cents, cents), out.octaves += cents > 50;
    out.strength = std::min(out.strength, track.strength[i]);
  }
  return out;
}

TEST(Swipe, FindsSteadyTonesWithin5CentsAndNoOctaveOff) {
  struct Tone {
    const char* name;
    Amplitude amplitude;
    int harmonics;  // that the rate must hold
  };
  const std::vector<Tone> tones{{"sawtooth", kSaw, 3},
                                {"pulses", [](int) { return 1.0; }, 3},
                                {"odd harmonics", [](int k) { return k % 2 ? 1.0 / k : 0; }, 3},
                                {"no fundamental", [](int k) { return k > 1 && k < 12 ? 1.0 / k : 0; }, 6},
                                {"sine", [](int k) { return k == 1 ? 1.0 : 0; }, 3}};
  for (const int rate : {16000, 44100, 48000}) {
    Swipe swipe(rate);
    for (const auto& [name, amplitude, harmonics] : tones)
      for (const double hz : {30.0, 82.4, 146.8, 251.0, 440.0, 997.0, 1661.0, 3500.0}) {
        if (rate < 2 * harmonics * hz) continue;
        const Errors e = errors(swipe, hz, rate, amplitude);
        EXPECT_LT(e.cents, 5) << name << " of " << hz << " Hz at " << rate;
        EXPECT_EQ(e.octaves, 0) << name << " of " << hz << " Hz at " << rate;
        EXPECT_GT(e.strength, Swipe::kVoiced) << name << " of " << hz << " Hz at " << rate;
      }
  }
}

TEST(Swipe, FindsAToneInNoiseOfHalfItsLevel) {
  std::vector<float> x = tone(220, 16000, 1, kSaw);
  double power = 0;
  for (const float v : x) power += double(v) * v / double(x.size());
  const std::vector<float> added = noise(int(x.size()), std::sqrt(power) / 2);
  for (size_t i = 0; i < x.size(); ++i) x[i] += added[i];
  const PitchTrack track = Swipe(16000).track(x);
  for (size_t i = 8; i + 8 < track.size(); ++i) {
    EXPECT_TRUE(track.voiced(i)) << track.strength[i];
    EXPECT_NEAR(1200 * std::log2(track.hz[i] / 220), 0, 30) << i;
  }
}

TEST(Swipe, HearsNoPitchInNoiseNorInSilence) {
  for (const int rate : {16000, 48000}) {
    Swipe swipe(rate);
    const PitchTrack hiss = swipe.track(noise(2 * rate)), silence = swipe.track(std::vector<float>(rate)),
                     faint = swipe.track(sine(440, rate, rate, 5e-5));
    for (size_t i = 0; i < hiss.size(); ++i) EXPECT_FALSE(hiss.voiced(i)) << hiss.strength[i];
    for (size_t i = 0; i < silence.size(); ++i) EXPECT_FALSE(silence.voiced(i) || silence.hz[i] != 0) << i;
    for (size_t i = 0; i < faint.size(); ++i) EXPECT_FALSE(faint.voiced(i)) << i;
  }
}

// Half a second of one note, half a second of another: frame i is centred on sample (i + 1/2) hop.
TEST(Swipe, FollowsANoteToTheNextInTime) {
  std::vector<float> x = tone(300, 16000, 0.5, kSaw);
  const std::vector<float> next = tone(400, 16000, 0.5, kSaw);
  x.insert(x.end(), next.begin(), next.end());
  const PitchTrack track = Swipe(16000).track(x);
  EXPECT_EQ(track.hop, 256);
  ASSERT_EQ(track.size(), 63u);  // the last one begins inside the signal
  for (size_t i = 3; i < 29; ++i) EXPECT_NEAR(track.hz[i], 300, 1) << i;
  for (size_t i = 34; i < 59; ++i) EXPECT_NEAR(track.hz[i], 400, 1) << i;
  EXPECT_NEAR(track.level[10], std::sqrt(0.05 * 0.05 / 2 * 1.63), 0.002);  // sum of 1 / k^2
}

TEST(Swipe, OfNoSamplesHasNoFrames) { EXPECT_EQ(Swipe(16000).track({}).size(), 0u); }

TEST(Swipe, RefusesARateTooLowForItsRange) {
  EXPECT_EQ(error_of([] { Swipe swipe(100); }), "pitch from 25 Hz on at a rate of 100 Hz: expected at least 200 Hz");
}

}  // namespace
}  // namespace nr
