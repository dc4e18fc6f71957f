// Metrics of pitch, from samples to numbers.
#include "evaluation/tuning.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "descriptors/descriptor.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr int kSampleRate = 16000;

// Four notes, a quarter of a second each.
std::vector<float> melody(double ratio = 1) {
  std::vector<float> out;
  for (const double hz : {220.0, 330.0, 277.2, 440.0}) {
    const std::vector<float> note = harmonic(hz * ratio, kSampleRate, kSampleRate / 4);
    out.insert(out.end(), note.begin(), note.end());
  }
  return out;
}

std::vector<float> drone() { return harmonic(251, kSampleRate, kSampleRate); }

Trial trial_of(const std::vector<float>& audio) {
  Trial out;
  out.audio = audio, out.pitch = Swipe(kSampleRate).track(audio);
  return out;
}

Observation observation(const std::vector<float>& original, const std::vector<float>& played) {
  Observation out{};
  out.sample_rate = kSampleRate, out.original = original, out.own = trial_of(played);
  out.pitch = Swipe(kSampleRate).track(original);
  return out;
}

Scale scale(const std::string& name, double low, double high) {
  Scale out;
  out.descriptor = name, out.low = low, out.high = high;
  return out;
}
const std::vector<Scale> kPitchAndLevel{scale("pitch", 5, 11), scale("rms", -60, 0)};  // 32 ... 2048 Hz

double headline(const char* metric, const Observation& o, const std::vector<Scale>& scales = {}) {
  return metrics().at(metric).measure(o, scales).front().value;
}

TEST(InTune, OfTheSameSoundIsOneAndOfADroneZero) {
  const Observation same = observation(melody(), melody()), held = observation(melody(), drone());
  EXPECT_EQ(headline("in_tune", same), 1);
  EXPECT_EQ(headline("pitch_cents", same), 0);
  EXPECT_EQ(headline("octave_errors", same), 0);
  EXPECT_EQ(headline("voicing_f1", same), 1);
  EXPECT_LT(headline("in_tune", held), 0.05);
  EXPECT_GT(headline("pitch_cents", held), 150);
  EXPECT_TRUE(fails(metrics().at("in_tune"), headline("in_tune", held)));
  EXPECT_FALSE(fails(metrics().at("in_tune"), headline("in_tune", same)));
  EXPECT_FALSE(fails(metrics().at("in_tune"), NAN));
}

TEST(InTune, OfThreeSemitonesUpIsZeroAndOfAnOctaveUpTheRightNoteInTheWrongOctave) {
  const Observation third = observation(melody(), melody(std::exp2(0.25))), octave = observation(melody(), melody(2));
  EXPECT_LT(headline("in_tune", third), 0.1);  // at the seams of two notes anything may be found
  EXPECT_LT(headline("octave_errors", third), 0.1);
  EXPECT_NEAR(headline("pitch_cents", third), 300, 2);
  EXPECT_LT(headline("in_tune", octave), 0.1);
  EXPECT_GT(headline("octave_errors", octave), 0.9);
  EXPECT_NEAR(headline("pitch_cents", octave), 1200, 2);
}

TEST(InTune, CountsWhatIsNotVoicedAsMissed) {
  std::vector<float> half = melody();
  std::fill(half.begin(), half.begin() + kSampleRate / 2, 0.f);
  const Observation o = observation(melody(), half);
  EXPECT_NEAR(headline("in_tune", o), 0.5, 0.05);
  EXPECT_LT(headline("pitch_cents", o), 1);
  EXPECT_NEAR(headline("voicing_f1", o), 2.0 / 3, 0.05);
}

TEST(InTune, OfAHissOrSilenceIsUndefined) {
  for (const std::vector<float>& original : {noise(kSampleRate), std::vector<float>(kSampleRate)}) {
    const Observation o = observation(original, melody());
    for (const char* metric : {"in_tune", "pitch_cents", "octave_errors", "voicing_f1"})
      EXPECT_TRUE(std::isnan(headline(metric, o))) << metric;
  }
}

TEST(InTuneAsked, IsTheShareInWhichTheControlHasTheOriginalsPitch) {
  Observation o = observation(melody(), melody());
  o.hop = 512;
  const int frames = int(o.original.size()) / o.hop;
  const std::vector<float> own = analyse(o.original, {"pitch"}, {kSampleRate, 1024, o.hop})[0];
  o.source.curves = {own, std::vector<float>(own.size(), 0.1f)};
  fill_gaps(o.source.curves[0], 100);
  EXPECT_GT(headline("in_tune_asked", o, kPitchAndLevel), 0.9);
  for (int frame = 0; frame < frames / 2; ++frame) o.source.curves[0][frame] *= 2;
  EXPECT_NEAR(headline("in_tune_asked", o, kPitchAndLevel), 0.5, 0.1);
  EXPECT_TRUE(in_tune_asked(o, {kPitchAndLevel[1]}).empty());
}

TEST(InTuneAgreed, LeavesOutWhereTheControlHasAnotherPitchThanTheOriginal) {
  std::vector<float> played = melody();
  const std::vector<float> above = melody(std::exp2(0.25));
  std::copy(above.begin(), above.begin() + kSampleRate / 2, played.begin());
  Observation o = observation(melody(), played);
  o.hop = 512;
  const std::vector<float> own = analyse(o.original, {"pitch"}, {kSampleRate, 1024, o.hop})[0];
  o.source.curves = {own, std::vector<float>(own.size(), 0.1f)};
  fill_gaps(o.source.curves[0], 100);
  EXPECT_NEAR(headline("in_tune_agreed", o, kPitchAndLevel), 0.5, 0.1);
  for (int frame = 0; frame < kSampleRate / 2 / o.hop; ++frame) o.source.curves[0][frame] *= 2;
  EXPECT_GT(headline("in_tune_agreed", o, kPitchAndLevel), 0.9);
  for (const int steps : kTranspositions) {
    o.transposed.push_back(trial_of(melody(std::exp2(steps / 12.0))));
    o.transposed.back().control = Trial::kTransposed, o.transposed.back().steps = steps;
  }
  const std::vector<Number> numbers = in_tune_agreed(o, kPitchAndLevel);
  ASSERT_EQ(numbers.size(), 5u);
  EXPECT_EQ(numbers[1].part, "-12");
  for (size_t i = 0; i < numbers.size(); ++i) EXPECT_GT(numbers[i].value, 0.9) << numbers[i].part;
  EXPECT_TRUE(in_tune_agreed(o, {kPitchAndLevel[1]}).empty());
}

// The trials that observe() makes of a model with pitch among its controls.
Observation transposed(const std::function<std::vector<float>(int)>& played) {
  Observation out = observation(melody(), melody());
  for (const int steps : kTranspositions) {
    out.transposed.push_back(trial_of(played(steps)));
    out.transposed.back().control = Trial::kTransposed, out.transposed.back().steps = steps;
  }
  return out;
}

TEST(InTuneTransposed, IsOneForAModelThatFollowsAndZeroForOneThatStays) {
  const Observation follows = transposed([](int steps) { return melody(std::exp2(steps / 12.0)); }),
                    stays = transposed([](int) { return melody(); });
  EXPECT_GT(headline("in_tune_transposed", follows, kPitchAndLevel), 0.95);
  EXPECT_LT(headline("in_tune_transposed", stays, kPitchAndLevel), 0.1);
  const std::vector<Number> numbers = in_tune_transposed(follows, kPitchAndLevel);
  ASSERT_EQ(numbers.size(), 5u);
  EXPECT_EQ(numbers[1].part, "-12");
  EXPECT_EQ(numbers[4].part, "+12");
}

TEST(InTuneTransposed, LeavesOutWhatCannotBeAskedFor) {
  const Observation follows = transposed([](int steps) { return melody(std::exp2(steps / 12.0)); });
  const std::vector<Scale> narrow{scale("pitch", std::log2(200.0), std::log2(430.0))};
  const std::vector<Number> numbers = in_tune_transposed(follows, narrow);
  EXPECT_NEAR(numbers[1].value, 1, 0.05);  // 440 Hz an octave lower is 220
  EXPECT_TRUE(std::isnan(numbers[4].value)) << numbers[4].value;  // 220 Hz an octave higher is 440
}

TEST(InTuneTransposed, IsNotForAModelWithoutPitch) {
  EXPECT_TRUE(in_tune_transposed(observation(melody(), melody()), {kPitchAndLevel[1]}).empty());
}

TEST(InTuneExchanged, LooksAtTheControlsBesidePitch) {
  Observation o = observation(melody(), melody());
  o.trials = {trial_of(drone()), trial_of(drone()), trial_of(melody())};  // all, pitch, rms
  const std::vector<Number> with_pitch = in_tune_exchanged(o, kPitchAndLevel);
  ASSERT_EQ(with_pitch.size(), 2u);
  EXPECT_EQ(with_pitch[1].part, "rms");
  EXPECT_EQ(with_pitch[0].value, 1);
  EXPECT_LT(in_tune_exchanged(o, {kPitchAndLevel[1]})[0].value, 0.05) << "without pitch: all exchanged";
  EXPECT_TRUE(in_tune_exchanged(o, {kPitchAndLevel[0]}).empty());
}

TEST(SilentEnergy, IsTheLevelWhereTheOriginalIsSilent) {
  std::vector<float> original = melody();
  std::fill(original.begin() + kSampleRate / 2, original.end(), 0.f);
  std::vector<float> played = original;
  const std::vector<float> hiss = noise(kSampleRate, 0.01);
  std::copy(hiss.begin() + kSampleRate / 2, hiss.end(), played.begin() + kSampleRate / 2);
  EXPECT_NEAR(headline("silent_energy", observation(original, played)), -40, 1);
  EXPECT_EQ(headline("silent_energy", observation(original, original)), -120);
  EXPECT_TRUE(std::isnan(headline("silent_energy", observation(melody(), melody()))));
}

}  // namespace
}  // namespace nr
