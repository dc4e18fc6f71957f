#include "export/runtime/pitch_follower.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "descriptors/yin.h"
#include "support/command.h"
#include "support/temporary.h"

namespace nr {
namespace {

constexpr float kAlmost = 0.7f;  // periodicity from which on a frame is voiced

// Partials of equal amplitude, or falling as 1 / k.
std::vector<float> tone(int rate, double hz, double seconds, int partials, bool equal = false) {
  std::vector<float> out(size_t(rate * seconds));
  for (size_t i = 0; i < out.size(); ++i) {
    double sum = 0, most = 0;
    for (int k = 1; k <= partials && k * hz < 0.45 * rate; ++k) {
      const double amplitude = equal ? 1 : 1.0 / k;
      sum += amplitude * std::sin(2 * M_PI * k * hz * double(i) / rate), most += amplitude;
    }
    out[i] = float(0.5 * sum / most);
  }
  return out;
}

std::vector<float> noise(int count, double amplitude) {
  Random random(5);
  std::vector<float> out(count);
  for (float& x : out) x = float(amplitude * random.uniform(-1, 1));
  return out;
}

Heard after(PitchFollower& follower, const std::vector<float>& samples, int tick = 512) {
  Heard heard;
  for (size_t at = 0; at + tick <= samples.size(); at += tick) heard = follower.hear(&samples[at], tick);
  return heard;
}

double cents(const Heard& heard, double hz) { return 1200 * (heard.octaves - std::log2(hz)); }

TEST(PitchFollower, HearsTonesWithinTwoCentsAtEveryRate) {
  for (const int rate : {8000, 16000, 32000, 44100, 48000, 96000})
    for (const bool equal : {false, true})
      for (double hz = 50; hz < 1900; hz *= 1.061) {
        PitchFollower follower(rate);
        const Heard heard = after(follower, tone(rate, hz, 0.2, hz < 500 ? 12 : 5, equal));
        EXPECT_LT(std::fabs(cents(heard, hz)), 2) << hz << " Hz at " << rate;
        EXPECT_GT(heard.periodicity, 0.85) << hz << " Hz at " << rate;
      }
}

TEST(PitchFollower, HearsAMissingFundamentalUnderNoise) {
  std::vector<float> samples = noise(8192, 0.02);
  for (size_t i = 0; i < samples.size(); ++i)
    for (int k = 3; k <= 8; ++k) samples[i] += float(0.1 * std::sin(2 * M_PI * k * 160 * double(i) / 16000));
  PitchFollower follower(16000);
  EXPECT_LT(std::fabs(cents(after(follower, samples), 160)), 10);
}

TEST(PitchFollower, HoldsTheLastPitchThroughNoiseAndSilence) {
  PitchFollower follower(16000);
  EXPECT_NEAR(cents(after(follower, std::vector<float>(4096, 0.f)), 320), 0, 0.1) << "before anything is heard";
  after(follower, tone(16000, 330, 0.3, 6));
  const Heard noisy = after(follower, noise(8192, 0.3));
  EXPECT_LT(std::fabs(cents(noisy, 330)), 5);
  EXPECT_LT(noisy.periodicity, 0.5);
  const Heard silent = after(follower, std::vector<float>(8192, 0.f));
  EXPECT_LT(std::fabs(cents(silent, 330)), 5);
  EXPECT_EQ(silent.periodicity, 0);
  EXPECT_EQ(silent.power, 0);
}

TEST(PitchFollower, TakesWhatLiesBelow70DecibelsForSilence) {
  for (const double db : {-50, -80}) {
    std::vector<float> samples = tone(48000, 330, 0.3, 6);
    for (float& x : samples) x *= float(std::pow(10, db / 20));
    PitchFollower follower(48000);
    const Heard heard = after(follower, samples);
    EXPECT_EQ(heard.periodicity > kAlmost, db > -70);
    EXPECT_EQ(std::fabs(cents(heard, 330)) < 10, db > -70);
  }
}

// In a tick of 128 samples, 8 ms, there is one measurement: between two notes one may find anything.
TEST(PitchFollower, LetsNoSingleWrongMeasurementThrough) {
  PitchFollower follower(16000);
  const double notes[] = {110, 261.6, 196, 587.3, 146.8, 98};
  double before = 0;
  for (const double hz : notes) {
    const std::vector<float> samples = tone(16000, hz, 0.25, 8);
    int late = 0;
    for (size_t at = 0; at + 128 <= samples.size(); at += 128) {
      const Heard heard = follower.hear(&samples[at], 128);
      const bool old = before > 0 && std::fabs(cents(heard, before)) < 30, fresh = std::fabs(cents(heard, hz)) < 30;
      EXPECT_TRUE(before == 0 || old || fresh) << hz << " after " << before << ": " << std::exp2(heard.octaves);
      if (!fresh) late = int(at) + 128;
    }
    EXPECT_LE(late, 16 * 80) << "80 ms after the note began";
    before = hz;
  }
}

TEST(PitchFollower, HearsWhatTheDescriptorHears) {
  constexpr int kRate = 16000, kTick = 512, kWindow = 1024;
  std::vector<float> samples(kRate * 4);
  const std::vector<float> hiss = noise(int(samples.size()), 0.01);
  double phase = 0;
  for (size_t i = 0; i < samples.size(); ++i) {  // a glide over three octaves with vibrato
    const double t = double(i) / kRate, hz = 90 * std::exp2(3 * t / 4 + 0.02 * std::sin(2 * M_PI * 5 * t));
    phase += hz / kRate;
    for (int k = 1; k <= 10; ++k) samples[i] += float(0.15 / k * std::sin(2 * M_PI * k * phase));
    samples[i] += hiss[i];
  }
  PitchFollower follower(kRate);
  Yin yin(kRate, kWindow);
  std::vector<double> differences;
  for (size_t at = 0; at + kTick <= samples.size(); at += kTick) {
    const Heard heard = follower.hear(&samples[at], kTick);
    const int64_t begin = int64_t(at) + kTick - 400 - kWindow / 2;  // about the middle of what was followed
    if (begin < 0 || size_t(begin) + kWindow > samples.size()) continue;
    const Pitch pitch = yin.of(&samples[size_t(begin)]);
    EXPECT_GT(pitch.confidence, kAlmost);
    EXPECT_GT(heard.periodicity, kAlmost);
    differences.push_back(std::fabs(cents(heard, pitch.hz)));
  }
  std::sort(differences.begin(), differences.end());
  EXPECT_LT(differences[differences.size() / 2], 8);
  EXPECT_LT(differences.back(), 60);
}

TEST(PitchFollower, DoesNotDependOnTheTick) {
  const std::vector<float> samples = tone(48000, 233, 0.4, 9);
  PitchFollower one(48000), other(48000);
  EXPECT_EQ(after(one, samples, 64 * 6 * 2).octaves, after(other, samples, 96).octaves);
}

TEST(PitchFollower, GivesThePowerOfATickAndLimitsWhatIsNoSound) {
  PitchFollower follower(16000);
  EXPECT_NEAR(follower.hear(tone(16000, 1000, 0.032, 1).data(), 512).power, 0.125, 1e-3);
  std::vector<float> broken(512, std::nanf(""));
  broken[0] = 1e30f, broken[1] = -INFINITY;
  const Heard heard = follower.hear(broken.data(), 512);
  EXPECT_LE(heard.power, 1);
  EXPECT_GE(heard.power, 0);
  EXPECT_LT(std::fabs(cents(after(follower, tone(16000, 440, 0.3, 6)), 440)), 2);
}

TEST(PitchFollower, TakesLessThanTwentyMillionInstructionsASecondOnACortexM7) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  const std::string source = NR_SOURCE_DIR, emulated = source + "/export/emulated", elf = folder / "follower.elf";
  const Ran ran = run_command(
      "arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard -std=c++17 -O3 -ffp-contract=fast "
      "-fno-exceptions -fno-rtti -fno-threadsafe-statics -I" +
      source + "/export/runtime -I" + emulated + " " + source + "/tests/runtime/board/follower_cost.cpp " + emulated +
      "/semihosting.cpp " + source + "/export/runtime/pitch_follower.cpp " + source +
      "/export/runtime/control_scale.cpp -nostartfiles -nodefaultlibs -T " + emulated +
      "/mps2_an500.ld -lc -lgcc -o " + elf +
      " && qemu-system-arm -M mps2-an500 -display none -serial none -monitor none -icount shift=6 "
      "-semihosting-config enable=on,target=native -kernel " +
      elf);
  ASSERT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, testing::HasSubstr("instructions a second"));
}

}  // namespace
}  // namespace nr
