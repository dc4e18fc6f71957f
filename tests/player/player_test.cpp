// A model in a host: what comes out is what the program makes of what went in, late by what latency() says, at every
// rate and in every block size.
#include "player.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "resampler.h"
#include "support/allocation.h"

namespace nr {
namespace {

constexpr int kHop = 64, kRate = 16000;
constexpr double kPi = 3.141592653589793;

// Audio times a control; or, without audio, a control as sound. Its controls change with each tick.
struct ToyModel {
  explicit ToyModel(const std::vector<nr_control>& with, bool hears, int shown = 0) : controls(with) {
    const int n = int(controls.size());
    if (hears) inputs.push_back({"audio", 1, kHop, {0, 1}, 1});
    inputs.push_back({"controls", n, kHop, {kHop, n}, 1});
    const nr_rows of_control{kHop + shown, n}, made{kHop * (n + 1), 1};
    if (hears) {
      node.op = NR_MUL, node.weight_bits = 32, node.rows = kHop, node.channels = node.b_channels = 1;
      node.a = {0, 1}, node.b = of_control, node.y = made;
    }
    outputs.push_back({"audio", 1, kHop, hears ? made : of_control, 1});
    loop.assign(inputs.size(), latents.data());
    program = {1, NR_FLOAT32, kHop, 0, kHop * (n + 3), int(inputs.size()), 1, hears ? 1 : 0, 0, inputs.data(),
               outputs.data(), &node, nullptr};
    model = {"toy", &program, kRate, 1, n, controls.data(), 1, loop.data(), 0, nullptr};
  }
  std::vector<nr_control> controls;
  std::vector<float> latents = std::vector<float>(kHop * 4);
  std::vector<const void*> loop;
  std::vector<nr_port> inputs, outputs;
  nr_node node{};
  nr_program program;
  nr_model model;
};

const nr_control kLevel{"rms", "1", 0.001f, 1, 1}, kCentroid{"centroid", "Hz", 100, 6400, 2},
    kPitch{"pitch", "Hz", 20, 5120, 2}, kFlatness{"flatness", "1", 0.25f, 0.75f, 0};

std::vector<float> sine(double hz, double rate, int samples) {
  std::vector<float> out;
  for (int i = 0; i < samples; ++i) out.push_back(0.5f * float(std::sin(2 * kPi * hz * i / rate)));
  return out;
}

std::vector<float> played(Player& player, const std::vector<float>& in, const std::vector<int>& blocks) {
  std::vector<float> out(in.size());
  size_t at = 0;
  for (size_t b = 0; at < in.size(); ++b) {
    const size_t count = std::min(size_t(blocks[b % blocks.size()]), in.size() - at);
    player.process(in.data() + at, out.data() + at, int(count));
    at += count;
  }
  return out;
}

// Decibels of the error of `heard` against `wanted`, which is `late` samples earlier, without the first `skip`.
double error_db(const std::vector<float>& wanted, const std::vector<float>& heard, int late, int skip) {
  double error = 0, energy = 0;
  for (size_t i = size_t(skip + late); i < heard.size(); ++i) {
    const double w = wanted[i - size_t(late)];
    error += (heard[i] - w) * (heard[i] - w), energy += w * w;
  }
  return 10 * std::log10(error / energy + 1e-30);
}

TEST(Player, IsLateByItsLatencyAndExactAtTheModelsRate) {
  const ToyModel toy({kFlatness}, true);
  const std::vector<float> in = sine(440, kRate, 8000);
  std::vector<std::vector<float>> heard;
  for (const std::vector<int>& blocks : {std::vector<int>{1}, {64}, {8000}, {7, 300, 1, 64}}) {
    Player player(toy.model, kRate);
    player.set(0, 0.75f);  // a gain of 1, which is reached smoothly
    EXPECT_EQ(player.latency(), kHop - 1);
    heard.push_back(played(player, in, blocks));
    EXPECT_EQ(heard.back(), heard[0]);
  }
  EXPECT_LT(error_db(in, heard[0], kHop - 1, 6000), -100);
}

TEST(Player, KeepsTheSoundAtOtherRates) {
  const ToyModel toy({kFlatness}, true);
  for (const double rate : {8000.0, 22050.0, 44100.0, 48000.0, 96000.0, 192000.0})
    for (const double hz : {100.0, 1000.0, 3000.0}) {
      const std::vector<float> in = sine(hz, rate, int(rate));
      Player player(toy.model, rate);
      player.set(0, 0.75f);
      const std::vector<float> out = played(player, in, {512, 100});
      // The latency is a whole number of samples; the sound's is not.
      const double part = 2 * kPi * hz * 0.5 / rate;
      EXPECT_LT(error_db(in, out, player.latency(), int(rate * 0.7)), 20 * std::log10(part) + 1) << rate << " " << hz;
    }
}

// 441 periods of the sound, 250 ticks and 160 periods of the rates' ratio fill a second.
TEST(Player, OfARepeatedSecondRepeatsItForAsLong) {
  constexpr int kSeconds = 600;  // of a day it does too: that takes three minutes
  constexpr int kHostRate = 44100;
  const ToyModel toy({kFlatness}, true);
  Player player(toy.model, kHostRate);
  player.set(0, 0.75f);
  const std::vector<float> second = sine(441, kHostRate, kHostRate);
  std::vector<float> heard, settled;
  for (int i = 0; i < kSeconds; ++i) {
    heard = played(player, second, {512, 100, 1, 64, 8192});
    if (i == 3) settled = heard;
  }
  double error = 0;
  for (int i = 0; i < kHostRate; ++i) error = std::max(error, std::fabs(double(heard[size_t(i)]) - settled[size_t(i)]));
  EXPECT_LT(error, 1e-6);
  EXPECT_GT(*std::max_element(heard.begin(), heard.end()), 0.4f);
}

TEST(Player, LetsNothingAboveHalfTheLowerRateThrough) {
  SincResampler down(48000, 16000, 8);
  double loudest = 0;
  const std::vector<float> in = sine(11000, 48000, 48000);
  for (size_t i = 0; i < in.size(); ++i) {
    down.write(in[i]);
    for (float y; down.read(y);)
      if (i > 1000) loudest = std::max(loudest, double(std::fabs(y)));
  }
  EXPECT_LT(20 * std::log10(loudest / 0.5), -80);
}

TEST(Player, HearsWhatIsNoNumberAsSilenceAndRecovers) {
  const ToyModel toy({kFlatness}, true);
  for (const double rate : {double(kRate), 44100.0}) {
    Player player(toy.model, rate), calm(toy.model, rate);
    std::vector<float> in = sine(440, rate, 20000), silent = in;
    for (int i = 4000; i < 4100; ++i) {
      silent[i] = 0;
      in[i] = i % 3 ? std::numeric_limits<float>::infinity() : std::nanf("");
    }
    EXPECT_EQ(played(player, in, {256}), played(calm, silent, {256})) << rate;
  }
}

TEST(Player, GivesParametersInUnitsThatOneReads) {
  const ToyModel toy({kLevel, kCentroid, kFlatness}, true);
  const std::vector<Parameter> parameters = Player::parameters(toy.model);
  ASSERT_EQ(parameters.size(), 3u);
  EXPECT_EQ(parameters[0].unit, "dB");
  EXPECT_NEAR(parameters[0].low, -60, 1e-3);
  EXPECT_NEAR(parameters[0].high, 0, 1e-3);
  EXPECT_EQ(parameters[1].unit, "Hz");
  EXPECT_TRUE(parameters[1].logarithmic);
  EXPECT_NEAR(parameters[1].initial, 800, 1e-2);
  EXPECT_NEAR(parameters[2].initial, 0.5, 1e-6);
}

TEST(Player, SetsControlsByTheirParametersSmoothly) {
  for (const auto& [control, value, wanted] :
       {std::tuple{kCentroid, 1600.f, 1.0 / 3}, {kCentroid, 99999.f, 1.0}, {kCentroid, std::nanf(""), 0.0},
        {kFlatness, 0.25f, -1.0}, {kFlatness, -9.f, -1.0}}) {
    const ToyModel toy({control}, false);
    Player player(toy.model, kRate);
    player.set(0, value);
    std::vector<float> out(kHop * 60);
    player.process(nullptr, out.data(), int(out.size()));
    EXPECT_NEAR(out.back(), wanted, 1e-3) << control.name << " " << value;
    for (size_t i = kHop; i + 1 < out.size(); ++i) EXPECT_LT(std::fabs(out[i + 1] - out[i]), 0.25);
  }
}

TEST(Player, AnInstrumentWithAPitchIsSilentUntilANote) {
  const ToyModel level({kLevel, kPitch}, false, 0), pitch({kLevel, kPitch}, false, 1);
  EXPECT_TRUE(Player::parameters(level.model).empty()) << "notes set both";
  Player loud(level.model, kRate), high(pitch.model, kRate);
  std::vector<float> out(kHop * 40);
  loud.process(nullptr, out.data(), int(out.size()));
  EXPECT_EQ(out.back(), -1);
  for (Player* player : {&loud, &high}) player->voice().note_on(69, 127);
  loud.process(nullptr, out.data(), int(out.size()));
  EXPECT_NEAR(out.back(), 1, 1e-6);
  high.process(nullptr, out.data(), int(out.size()));
  EXPECT_NEAR(out.back(), 2 * std::log2(440.0 / 20) / 8 - 1, 1e-5);
  loud.voice().note_off(69);
  loud.process(nullptr, out.data(), int(out.size()));
  EXPECT_EQ(out.back(), -1);
}

TEST(Player, TransposesAPitchThatItFollows) {
  const ToyModel toy({kPitch}, true, 0);
  const std::vector<Parameter> parameters = Player::parameters(toy.model);
  ASSERT_EQ(parameters.size(), 1u);
  EXPECT_EQ(parameters[0].name, "transpose");
  // The output is the sound times the control.
  const auto level = [&](float semitones) {
    Player player(toy.model, kRate);
    player.set(0, semitones);
    const std::vector<float> out = played(player, sine(440, kRate, 16000), {512});
    return *std::max_element(out.end() - 4000, out.end()) / 0.5;
  };
  EXPECT_NEAR(level(0), 2 * std::log2(440.0 / 20) / 8 - 1, 0.01);
  EXPECT_NEAR(level(12), 2 * std::log2(880.0 / 20) / 8 - 1, 0.01);
}

TEST(Player, TakesNoMemoryWhilePlaying) {
  const ToyModel toy({kLevel, kPitch}, true);
  Player player(toy.model, 44100);
  const std::vector<float> in = sine(440, 44100, 44100);
  std::vector<float> out(in.size());
  const int64_t before = allocations();
  player.process(in.data(), out.data(), int(in.size()));
  player.set(0, -20), player.voice().note_on(60, 100);
  player.process(nullptr, out.data(), int(out.size()));
  player.reset();
  EXPECT_EQ(allocations(), before);
}

TEST(Player, BeginsAnewAfterAReset) {
  for (const nr_control& shown : {kFlatness, kLevel, kPitch}) {  // set by a knob, and followed
    const ToyModel toy({shown, kPitch}, true);
    Player player(toy.model, 48000);
    player.set(0, 0.7f);
    std::vector<float> in = sine(700, 48000, 20000);
    std::fill(in.begin(), in.begin() + 4000, 0.f);
    const std::vector<float> first = played(player, in, {128});
    player.reset();
    EXPECT_EQ(played(player, in, {128}), first) << shown.name;
  }
  const ToyModel toy({kLevel, kPitch}, false);
  Player player(toy.model, kRate);
  std::vector<float> silent(kHop * 4), out(silent.size());
  player.process(nullptr, silent.data(), int(silent.size()));
  player.voice().note_on(60, 127);
  player.process(nullptr, out.data(), int(out.size()));
  EXPECT_NE(out, silent);
  player.reset();
  player.process(nullptr, out.data(), int(out.size()));
  EXPECT_EQ(out, silent);
}

}  // namespace
}  // namespace nr
