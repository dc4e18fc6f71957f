// The harmonic excitation's oscillator: pitch, power, aliases, glides, and what it makes of impossible pitches.
#include "export/runtime/pulses.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "dsp/fft.h"

namespace nr {
namespace {

constexpr int kRate = 48000, kHop = 512;
const int32_t kMiddle = int32_t(std::lround(std::log2(kMiddleHz / kRate) * kPulseOne));

// log2 of periods a sample, in 1/65536.
int32_t pitch_of(double hz) { return int32_t(std::lround(std::log2(hz / kRate) * kPulseOne)); }

std::vector<double> play(Pulses& pulses, int32_t pitch, int frames, int32_t gate = kPulseOne) {
  std::vector<double> out;
  for (int i = 0; i < frames; ++i)
    pulses.frame(pitch, gate, kHop, [&](int32_t sample) { out.push_back(double(sample) / kPulseOne); });
  return out;
}

double power_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v * v;
  return sum / double(x.size());
}

// The strongest line of x between its partials, which aliases are, over the strongest partial: dB. Through a window
// whose side lobes lie 92 dB down and whose main lobe ends after 4 bins (Blackman and Harris).
double alias_of(const std::vector<double>& x, double periods_a_sample) {
  constexpr int kSize = 16384;
  RealFft fft(kSize);
  std::vector<float> windowed(kSize);
  for (int i = 0; i < kSize; ++i) {
    const double t = 2 * M_PI * i / kSize;
    windowed[i] =
        float(x.at(i) * (0.35875 - 0.48829 * std::cos(t) + 0.14128 * std::cos(2 * t) - 0.01168 * std::cos(3 * t)));
  }
  std::vector<std::complex<float>> bins(fft.bins());
  fft.forward(windowed.data(), bins.data());
  double partial = 0, other = 0;
  for (int k = 0; k < fft.bins(); ++k) {
    const double place = k / (periods_a_sample * kSize), away = std::fabs(place - std::round(place));
    const bool near = place > 0.5 && away * periods_a_sample * kSize < 5;
    (near ? partial : other) = std::max(near ? partial : other, double(std::abs(bins[k])));
  }
  return 20 * std::log10(other / partial);
}

TEST(Pulses, HaveUnitPowerButForTheLastPartialsAndAliasBelow60DecibelsFrom50To5120Hertz) {
  for (const double hz : {50.0, 97.3, 440.0, 1234.5, 2000.0, 5120.0}) {
    Pulses pulses;
    std::vector<double> x = play(pulses, pitch_of(hz), 40);
    x.erase(x.begin(), x.begin() + kHop);  // the gate opens
    const double partials = 0.475 * kRate / hz, last = partials - std::floor(partials);
    EXPECT_NEAR(power_of(x), (std::floor(partials) - 1 + last * last) / partials, 0.02) << hz;
    EXPECT_LT(alias_of(x, hz / kRate), -60) << hz;
  }
}

// Periods are counted over 20 s: the phase does not drift from what was asked.
TEST(Pulses, PlayTheAskedPitchWithinATenthOfACent) {
  for (const double hz : {27.5, 65.41, 440.0, 1975.5, 4186.0}) {
    Pulses pulses;
    const std::vector<double> x = play(pulses, pitch_of(hz), 1875);
    double real = 0, imaginary = 0, first = 0;  // the phase of the first partial in the first and the last second
    for (const size_t from : {size_t(kRate), x.size() - kRate}) {
      real = imaginary = 0;
      for (size_t i = from; i < from + kRate / 2; ++i) {
        const double window = 1 - std::cos(4 * M_PI * double(i - from) / kRate);
        const double angle = 2 * M_PI * hz * double(i) / kRate;
        real += window * x[i] * std::cos(angle), imaginary -= window * x[i] * std::sin(angle);
      }
      if (from == size_t(kRate)) first = std::atan2(imaginary, real);
    }
    const double turned = std::remainder(std::atan2(imaginary, real) - first, 2 * M_PI) / (2 * M_PI);
    const double seconds = double(x.size() - 2 * kRate) / kRate;
    EXPECT_LT(1200 * std::fabs(std::log2(1 + turned / seconds / hz)), 0.1) << hz;
  }
}

// A glide of an octave in a second, against the sum of partials whose phase is the integral of the pitch.
TEST(Pulses, GlideWithoutAClick) {
  Pulses pulses;
  const int frames = kRate / kHop;
  double worst = 0;
  std::vector<double> x;
  for (int i = 0; i < frames; ++i) {
    const std::vector<double> frame = play(pulses, pitch_of(220 * std::exp2(double(i) / frames)), 1);
    x.insert(x.end(), frame.begin(), frame.end());
  }
  // At a frame's edge nothing happens that does not happen within frames: the error of predicting a sample from its
  // neighbours a period away is no larger there.
  double edges = 0, inside = 0;
  for (size_t i = 2 * kHop; i + 1 < x.size(); ++i) {
    const double bend = std::fabs(x[i + 1] - 2 * x[i] + x[i - 1]);
    worst = std::max(worst, bend);
    (i % kHop < 2 || i % kHop > kHop - 2 ? edges : inside) = std::max(i % kHop < 2 ? edges : inside, bend);
  }
  EXPECT_LE(edges, inside * 1.001);
  EXPECT_GT(worst, 0);
}

TEST(Pulses, FadeWithTheGateAndAreExactlySilentWhenItIsShut) {
  Pulses pulses;
  play(pulses, pitch_of(300), 4);
  const std::vector<double> closing = play(pulses, pitch_of(300), 1, 0), shut = play(pulses, pitch_of(300), 1, 0);
  const auto middle = closing.begin() + kHop / 2;
  EXPECT_GT(power_of({closing.begin(), middle}), power_of({middle, closing.end()}));
  EXPECT_EQ(power_of(shut), 0);
}

// After silence the pitch is the new one at once; while it sounds, it glides.
TEST(Pulses, DoNotGlideFromANoteThatIsOver) {
  Pulses fresh, used;
  play(used, pitch_of(2000), 3);
  play(used, pitch_of(2000), 2, 0);
  std::vector<double> a = play(fresh, pitch_of(200), 40), b = play(used, pitch_of(200), 40);
  EXPECT_LT(alias_of(b, 200.0 / kRate), -40);  // a glide would fill the gaps between the partials
  EXPECT_NEAR(power_of(b), power_of(a), 0.01);
}

TEST(Pulses, StaySilentOrInRangeForImpossiblePitches) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
  const auto peak = [](std::vector<float> pitches, float periodicity) {
    Pulses pulses;
    double worst = 0;
    for (const float pitch : pitches)
      for (int i = 0; i < 3; ++i)
        pulses.controlled(kMiddle, control_of(pitch), control_of(periodicity), kHop, [&](int32_t sample) {
          worst = std::max(worst, std::fabs(double(sample) / kPulseOne));
        });
    return worst;
  };
  EXPECT_EQ(peak({nan}, 1), 0);
  EXPECT_EQ(peak({0}, nan), 0);
  EXPECT_EQ(peak({0}, -0.01f), 0);
  EXPECT_GT(peak({0}, 0.05f), 0);
  EXPECT_LT(peak({-5, 7, -1, 1, infinite, -infinite, 0}, 1), 50);  // 20 Hz at 48 kHz has a crest of 48
}

// A pitch below 20 Hz is 20 Hz.
TEST(Pulses, DoNotPlayBelow20Hertz) {
  Pulses low, limit;
  std::vector<int32_t> a, b;
  for (int i = 0; i < 10; ++i) {
    low.controlled(kMiddle, control_of(-1.5f), kPulseOne, kHop, [&](int32_t sample) { a.push_back(sample); });
    limit.controlled(kMiddle, control_of(-1), kPulseOne, kHop, [&](int32_t sample) { b.push_back(sample); });
  }
  EXPECT_EQ(a, b);
}

// The same on every machine: this number is what the emulated Cortex-M7 makes too.
TEST(Pulses, AreTheSameBitsEverywhere) {
  Pulses pulses;
  uint32_t hash = 2166136261u;
  for (int i = 0; i < 200; ++i)
    pulses.controlled(kMiddle, (i * 7919) % 100000 - 50000, 40000 + (i * 977) % 30000, 100,
                      [&](int32_t sample) { hash = (hash ^ uint32_t(sample)) * 16777619u; });
  EXPECT_EQ(hash, 837742814u);
}

}  // namespace
}  // namespace nr
