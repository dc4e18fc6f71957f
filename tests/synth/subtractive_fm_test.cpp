#include "synth/subtractive_fm.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <tuple>

#include "base/random.h"
#include "support/errors.h"

namespace nr {
namespace {

using Values = std::vector<double>;
using Settings = std::vector<std::pair<std::string, double>>;

constexpr int kRate = 22050;
const SynthParameters& table() { return subtractive_fm_parameters(); }

Values with(const Settings& settings, Values values = initial_values(table())) {
  for (const auto& [name, value] : settings) values[index_of(table(), name)] = value;
  return values;
}

// A sine at full amplitude, nothing behind it.
Values plain_sine(const Settings& more = {}) {
  return with(more, with({{"osc1_wave", 0}, {"osc1_level", 1}, {"filter_type", 0}, {"amp_attack", 0.001},
                          {"amp_sustain", 1}, {"volume", 1}}));
}

std::vector<float> play(const Values& values, const SynthNote& note = {}, uint64_t seed = 1) {
  return SubtractiveFm().play(values, note, seed);
}

// Amplitude of the partial at a frequency, over whole periods from half a second on.
double amplitude(const std::vector<float>& x, double hz, int rate = kRate) {
  const int count = int(std::lround(std::round(hz) / hz * rate));  // a second, whole periods
  std::complex<double> sum = 0;
  for (int i = 0; i < count; ++i) {
    const double window = 1 - std::cos(2 * M_PI * i / count);
    sum += window * double(x[size_t(rate / 2 + i)]) * std::polar(1.0, -2 * M_PI * hz * i / rate);
  }
  return 2 * std::abs(sum) / count;
}

double rising_crossings_hz(const std::vector<float>& x, size_t from, size_t to) {
  double first = -1, last = -1;
  int count = 0;
  for (size_t i = from + 1; i < to; ++i)
    if (x[i - 1] < 0 && x[i] >= 0) {
      last = double(i) - x[i] / (x[i] - x[i - 1]);
      if (first < 0) first = last;
      ++count;
    }
  return (count - 1) * kRate / (last - first);
}

TEST(SubtractiveFm, PlaysTheKeyWithItsSemitonesAndCents) {
  SynthNote note;
  for (const auto& [key, semitones, cents] : {std::tuple{69, 0., 0.}, {57, 12., 25.}, {60, -7., -50.}}) {
    note.key = key;
    const auto x = play(plain_sine({{"osc1_semitones", semitones}, {"osc1_fine", cents}}), note);
    const double wanted = 440 * std::exp2((key - 69 + semitones + cents / 100) / 12);
    EXPECT_NEAR(rising_crossings_hz(x, 2000, 60000) / wanted, 1, 1e-5);
  }
}

TEST(SubtractiveFm, IsLoudAsItsLevelsSay) {
  const auto x = play(plain_sine({{"osc1_level", 0.5}, {"volume", 0.4}}), {69, 127, 3, 4, kRate});
  EXPECT_NEAR(amplitude(x, 440), 0.3 * 0.5 * 0.4, 1e-4);
  const auto soft = play(plain_sine(), {69, 0, 3, 4, kRate});
  EXPECT_NEAR(amplitude(soft, 440), 0.3 * 0.5, 1e-4);
}

// Largest magnitude in a period of the sine around t.
double level_at(const std::vector<float>& x, double t) {
  float top = 0;
  for (int i = int(t * kRate) - 6; i <= int(t * kRate) + 6; ++i) top = std::max(top, std::abs(x[size_t(i)]));
  return top / 0.3;
}

TEST(SubtractiveFm, HasTheEnvelopeOfItsTimes) {
  SynthNote note{93, 127, 2, 3, kRate};  // 1760 Hz: a period is 12 samples
  const auto x = play(plain_sine({{"amp_attack", 0.4}, {"amp_hold", 0.1}, {"amp_decay", 0.6}, {"amp_sustain", 0.3},
                                  {"amp_release", 0.5}}), note);
  EXPECT_NEAR(level_at(x, 0.1), 0.25, 0.02);
  EXPECT_NEAR(level_at(x, 0.3), 0.75, 0.02);
  EXPECT_NEAR(level_at(x, 0.45), 1, 0.02);
  EXPECT_NEAR(level_at(x, 0.5 + 0.6), 0.3 + 0.7 * std::exp(-3), 0.02);
  EXPECT_NEAR(level_at(x, 1.98), 0.3, 0.02);
  EXPECT_NEAR(level_at(x, 2 + 0.25), 0.3 * std::exp(-1.5), 0.01);
  EXPECT_NEAR(level_at(x, 2 + 0.5), 0.3 * std::exp(-3), 0.01);
}

// The trapezoidal filter is the analog one at tan(pi f / rate) / tan(pi cutoff / rate) of its cutoff.
double low_pass(double hz, double cutoff, double damping) {
  const double w = std::tan(M_PI * hz / kRate) / std::tan(M_PI * cutoff / kRate);
  return 1 / std::hypot(1 - w * w, damping * w);
}

TEST(SubtractiveFm, FiltersAsTheStateVariableFilterDoes) {
  const Settings bare{{"filter_type", 1}, {"filter_cutoff", 500}, {"filter_env_amount", 0}, {"filter_resonance", 0.5}};
  const double damping = 2 - 1.94 * 0.5;
  for (const int key : {45, 57, 69, 81, 93, 105}) {
    const double hz = 440 * std::exp2((key - 69) / 12.0);
    const SynthNote note{key, 127, 3, 3, kRate};
    const double gain = amplitude(play(plain_sine(bare), note), hz) / 0.3;
    EXPECT_NEAR(gain / low_pass(hz, 500, damping), 1, 2e-3) << hz;
    Settings steep = bare;
    steep.push_back({"filter_slope", 1});
    const double twice = amplitude(play(plain_sine(steep), note), hz) / 0.3;
    EXPECT_NEAR(twice / (low_pass(hz, 500, damping) * low_pass(hz, 500, M_SQRT2)), 1, 5e-3) << hz;
  }
}

TEST(SubtractiveFm, FallsTwelveAndTwentyFourDecibelsAnOctave) {
  const auto gain = [](int key, int slope) {
    const SynthNote note{key, 127, 3, 3, kRate};
    const auto x = play(plain_sine({{"filter_type", 1}, {"filter_cutoff", 60}, {"filter_env_amount", 0},
                                    {"filter_slope", double(slope)}}), note);
    return 20 * std::log10(amplitude(x, 440 * std::exp2((key - 69) / 12.0)));
  };
  EXPECT_NEAR(gain(69, 0) - gain(81, 0), 12, 0.3);
  EXPECT_NEAR(gain(69, 1) - gain(81, 1), 24, 0.6);
}

// Phase modulation by a sine of the same frequency: the carrier and its sidebands are Bessel functions of the index.
TEST(SubtractiveFm, ModulatesPhaseWithBesselSidebands) {
  const double index = 2 * M_PI * 0.2;
  const auto x = play(plain_sine({{"osc2_wave", 0}, {"osc2_semitones", 24}, {"fm_21", 0.2}}), {57, 127, 3, 4, kRate});
  EXPECT_NEAR(amplitude(x, 220), 0.3 * std::abs(std::cyl_bessel_j(0, index)), 2e-3);
  EXPECT_NEAR(amplitude(x, 220 + 880), 0.3 * std::cyl_bessel_j(1, index), 2e-3);
  EXPECT_NEAR(amplitude(x, 220 + 2 * 880), 0.3 * std::cyl_bessel_j(2, index), 2e-3);
}

TEST(SubtractiveFm, GivesTheSameSoundOfTheSameValuesAndSeed) {
  const Values noisy = with({{"noise_level", 0.5}, {"unison", 2}, {"lfo1_wave", 3}, {"lfo1_pitch", 1}});
  SynthNote note;
  note.seconds = 0.5, note.held = 0.4;
  EXPECT_EQ(play(noisy, note, 7), play(noisy, note, 7));
  EXPECT_NE(play(noisy, note, 7), play(noisy, note, 8));
  EXPECT_EQ(play(with({}), note, 7), play(with({}), note, 8)) << "no noise: the seed makes no difference";
}

TEST(SubtractiveFm, HasParametersThatAreHeardExactlyWhereTheTableSaysTheyCanBe) {
  SubtractiveFm synth;
  const SynthNote note{60, 127, 0.25, 0.35, 8000};
  int silent_changes = 0;
  for (int draw = 0; draw < 40; ++draw) {
    Random random(11, draw);
    Values values = initial_values(table());
    for (size_t i = 0; i < values.size(); ++i)
      if (random.uniform() < 0.5) values[i] = table()[i].value(random.uniform());
    const std::vector<bool> can_be = heard(table(), values);
    const auto before = synth.play(values, note, 1);
    for (size_t i = 0; i < values.size(); ++i) {
      if (can_be[i]) continue;
      Values other = values;
      other[i] = table()[i].value(table()[i].position(values[i]) < 0.5 ? 1 : 0);
      EXPECT_EQ(synth.play(other, note, 1), before) << table()[i].name << " in draw " << draw;
      ++silent_changes;
    }
  }
  EXPECT_GT(silent_changes, 200);
}

// Without modulation among them; what data/subtractive_fm_oscillators.yaml is made for.
TEST(SubtractiveFm, SoundsTheSameWhenItsOscillatorsAreExchanged) {
  const auto preset = [&](const std::string& a, const std::string& b, const std::string& c) {
    Settings out;
    for (const auto& [osc, semitones, wave, level, width] :
         {std::tuple{a, 7., 3., 0.9, 0.2}, {b, -5., 2., 0.4, 0.5}, {c, 12., 0., 0.7, 0.8}})
      for (const auto& [name, value] : Settings{{"_semitones", semitones}, {"_wave", wave}, {"_level", level},
                                                {"_width", width}})
        out.push_back({osc + name, value});
    return play(with(out));
  };
  const auto one = preset("osc1", "osc2", "osc3"), other = preset("osc3", "osc1", "osc2");
  for (size_t i = 0; i < one.size(); i += 7) EXPECT_NEAR(one[i], other[i], 1e-6);
  EXPECT_GT(*std::max_element(one.begin(), one.end()), 0.05);
}

TEST(SubtractiveFm, HearsEveryParameterSomewhere) {
  SubtractiveFm synth;
  const SynthNote note{60, 127, 0.6, 1, 8000};
  const Values busy = with({{"osc2_level", 0.4}, {"osc3_level", 0.4}, {"osc2_wave", 3}, {"osc3_wave", 3},
                            {"fm_21", 0.1}, {"fm_32", 0.1}, {"lfo1_pitch", 0.3}, {"lfo2_pitch", 0.3},
                            {"lfo1_width", 0.2}, {"noise_level", 0.1}, {"mod_pitch", 3}, {"unison", 1},
                            {"glide_semitones", 3}, {"chorus_mix", 0.3}});
  const auto before = synth.play(busy, note, 1);
  for (size_t i = 0; i < table().size(); ++i) {
    Values other = busy;
    other[i] = table()[i].value(table()[i].position(busy[i]) < 0.5 ? 1 : 0);
    EXPECT_TRUE(heard(table(), busy)[i]) << table()[i].name;
    EXPECT_NE(synth.play(other, note, 1), before) << table()[i].name;
  }
}

TEST(SubtractiveFm, StaysFiniteWhateverItsParametersAre) {
  SubtractiveFm synth;
  for (int draw = 0; draw < 60; ++draw) {
    Random random(5, draw);
    Values values(table().size());
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = table()[i].value(random.below(3) ? random.uniform() : double(random.below(2)));
    for (const float sample : synth.play(values, {60, 127, 0.2, 0.3, 8000}, 1))
      ASSERT_TRUE(std::isfinite(sample) && std::abs(sample) < 8) << "draw " << draw;
  }
  EXPECT_THAT(error_of([&] { synth.play({1, 2}, {}, 1); }), testing::HasSubstr("2 values for 64 parameters"));
}

}  // namespace
}  // namespace nr
