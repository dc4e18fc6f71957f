#include "effects/effect.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "dsp/oversampler.h"
#include "effects/tone.h"

namespace nr {
namespace {

std::vector<float> noise(int samples, double amplitude) {
  Random draw(3);
  std::vector<float> out;
  for (int i = 0; i < samples; ++i) out.push_back(float(draw.uniform(-amplitude, amplitude)));
  return out;
}

// In the tree; pedals: pedals_test.cpp.
std::vector<std::string> ours() {
  std::vector<std::string> out;
  for (const EffectKind& kind : effects().rows)
    if (kind.family != std::string("pedal")) out.push_back(kind.name);
  return out;
}

class EveryEffect : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Effects, EveryEffect, testing::ValuesIn(ours()),
                         [](const auto& info) { return info.param; });

TEST_P(EveryEffect, DoesNotDependOnBlocks) {
  const EffectKind& kind = effects().at(GetParam());
  const std::vector<float> x = noise(3000, 0.5);
  const Settings settings = initial_values(kind.parameters);
  const std::vector<float> whole = through(kind.name, settings, x);
  for (const int block : {1, 37, 512}) {
    std::vector<float> cut = x;
    const auto effect = kind.make(settings, kToneRate);
    for (int i = 0; i < int(cut.size()); i += block) effect->process(&cut[size_t(i)], std::min(block, 3000 - i));
    EXPECT_TRUE(cut == whole) << block;
  }
}

// At both ends of every parameter, and at low and high rates.
TEST_P(EveryEffect, StaysFinite) {
  const EffectKind& kind = effects().at(GetParam());
  for (const int rate : {8000, 192000})
    for (const SynthParameter& p : kind.parameters)
      for (const double end : {p.low, p.high}) {
        std::vector<float> x = noise(4000, 1);
        x.resize(12000);  // silence behind
        for (const float y : through(kind.name, with(kind.name, p.name, end), x, rate))
          ASSERT_TRUE(std::isfinite(y) && std::fabs(y) < 200) << p.name << " " << end << " at " << rate << " Hz";
      }
}

TEST_P(EveryEffect, KeepsSilenceSilent) {
  const EffectKind& kind = effects().at(GetParam());
  const std::vector<float> y = through(kind.name, initial_values(kind.parameters), std::vector<float>(4000));
  for (size_t i = 1000; i < y.size(); ++i) ASSERT_NEAR(y[i], 0, 1e-3);  // sox's start decays
}

TEST_P(EveryEffect, SaysWhatItDoesAndStartsWithinItsRanges) {
  const EffectKind& kind = effects().at(GetParam());
  EXPECT_GT(std::string(kind.reading).size(), 4u);
  for (const SynthParameter& p : kind.parameters) {
    EXPECT_LT(p.low, p.high) << p.name;
    EXPECT_GE(p.initial, p.low) << p.name;
    EXPECT_LE(p.initial, p.high) << p.name;
  }
}

struct Driven {
  std::string effect, parameter;
  bool falls = false;  // more of the parameter is less distortion
};
class EveryDrive : public testing::TestWithParam<Driven> {};
INSTANTIATE_TEST_SUITE_P(Effects, EveryDrive,
                         testing::Values(Driven{"hard_clip", "drive"}, Driven{"tanh", "drive"},
                                         Driven{"arctangent", "drive"}, Driven{"cubic", "drive"},
                                         Driven{"exponential", "drive"}, Driven{"overdrive", "drive"},
                                         Driven{"diode", "drive"}, Driven{"rectifier", "rectify"},
                                         Driven{"crossover", "width"},
                                         Driven{"sox_overdrive", "gain"}, Driven{"tape", "drive"},
                                         Driven{"multiband", "low"}, Driven{"bit_crush", "bits", true},
                                         Driven{"saturating_limiter", "threshold", true}),
                         [](const auto& info) { return info.param.effect; });

TEST_P(EveryDrive, DistortsTheMoreTheMoreItIs) {
  const auto& [effect, parameter, falls] = GetParam();
  const SynthParameters& all = effects().at(effect).parameters;
  const SynthParameter& p = all[index_of(all, parameter)];
  double before = falls ? 1e9 : -1;
  for (const double at : {0.05, 0.3, 0.55, 0.8}) {
    const double now = partials(through(effect, with(effect, parameter, p.value(at)), tone(0.5, 2 * kToneRate))).thd;
    if (falls)
      EXPECT_LT(now, before) << at;
    else
      EXPECT_GT(now, before - 1e-3) << at;
    before = now;
  }
}

// Every distortion that does not make aliases on purpose, as strong as it gets. A ring modulator's lines are no
// harmonics; a dead zone of half of full scale leaves nothing.
TEST(Distortions, HaveAliasesBelowMinus60Decibels) {
  int count = 0;
  for (const EffectKind& kind : effects().rows) {
    if (std::string(kind.family) != "distortion" || kind.aliases) continue;
    if (kind.name == std::string("ring_modulator")) continue;
    Settings settings = initial_values(kind.parameters);
    for (size_t i = 0; i < settings.size(); ++i)
      if (kind.parameters[i].unit == "dB" && kind.parameters[i].name != "threshold")
        settings[i] = kind.parameters[i].high;
    const Partials found = partials(through(kind.name, settings, tone(0.5, 2 * kToneRate)));
    EXPECT_LT(10 * std::log10(found.alias), -60) << kind.name;
    EXPECT_GT(found.thd, 0.005) << kind.name;
    ++count;
  }
  EXPECT_EQ(count, 15);
}

TEST(Distortions, AreTheirFunctions) {
  const std::vector<float> x = noise(2000, 1.2);
  const std::vector<float> crushed = through("bit_crush", with("bit_crush", "bits", 5), x);
  for (size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(crushed[i], std::nearbyint(x[i] * 16) / 16, 1e-6);
  // A slow sine has no aliases; the DC blocker turns it by 10 / 40 radians, so the tops are compared.
  const auto top = [](const std::vector<float>& y) { return *std::max_element(y.begin() + kToneRate, y.end()); };
  const std::vector<float> slow = tone(0.5, 2 * kToneRate, 220);
  EXPECT_NEAR(top(through("wavefold", {0, 0, 1}, slow)), std::sin(M_PI / 4), 2e-3);
  EXPECT_NEAR(top(through("exponential", {6}, slow)), 1 - std::exp(-0.5 * std::pow(10, 6 / 20.0)), 2e-3);
  EXPECT_NEAR(top(through("overdrive", {0}, slow)), (3 - 0.25) / 3, 5e-3);
  EXPECT_NEAR(top(through("cubic", {0, 0}, slow)), 0.5 - 0.125 / 3, 2e-3);
  EXPECT_NEAR(top(through("arctangent", {0}, slow)), 2 / M_PI * std::atan(M_PI / 4), 2e-3);
}

TEST(Distortions, ChebyshevAddsTheHarmonicsThatItIsAskedFor) {
  for (const char* order : {"order_2", "order_3", "order_4", "order_5", "order_6", "order_7", "order_8"}) {
    Settings settings = with("chebyshev", "order_3", 0);
    settings[index_of(effects().at("chebyshev").parameters, order)] = 0.4;
    EXPECT_NEAR(partials(through("chebyshev", settings, tone(1, 2 * kToneRate))).thd, 0.4, 0.003) << order;
  }
}

TEST(Distortions, OfASoftSoundIsThatSoundLater) {
  const std::vector<float> x = tone(1e-4, 6000, 1000);
  const auto effect = effects().at("tanh").make({0}, kToneRate);
  std::vector<float> y = x;
  effect->process(y.data(), int(y.size()));
  ASSERT_EQ(effect->latency(), Oversampler::kLatency);
  for (size_t i = 4000; i < y.size(); ++i) ASSERT_NEAR(y[i], x[i - Oversampler::kLatency], 3e-6);
}

TEST(Distortions, DecimateHoldsSamples) {
  const std::vector<float> x = noise(4800, 1), y = through("decimate", with("decimate", "rate", 6000), x);
  for (size_t i = 0; i < x.size(); ++i) ASSERT_EQ(y[i], x[i - i % 4]);
}

double gain_at(const std::string& effect, const Settings& settings, double hertz) {
  const std::vector<float> x = tone(0.25, 2 * kToneRate, hertz), y = through(effect, settings, x);
  double in = 0, out = 0;
  for (size_t i = kToneRate; i < x.size(); ++i) in += double(x[i]) * x[i], out += double(y[i]) * y[i];
  return 10 * std::log10(out / in);
}

TEST(Filters, HaveTheirGains) {
  EXPECT_NEAR(gain_at("low_pass", {1000}, 1000), -3, 0.1);
  EXPECT_NEAR(gain_at("low_pass", {1000}, 4000), -12.3, 1);
  EXPECT_NEAR(gain_at("high_pass", {1000}, 1000), -3, 0.1);
  EXPECT_NEAR(gain_at("high_pass", {1000}, 100), -20, 0.5);
  EXPECT_NEAR(gain_at("peak", {1000, 9, 1}, 1000), 9, 0.01);
  EXPECT_NEAR(gain_at("peak", {1000, -9, 1}, 1000), -9, 0.01);
  EXPECT_NEAR(gain_at("peak", {1000, 9, 4}, 100), 0, 0.1);
  EXPECT_NEAR(gain_at("low_shelf", {400, 6, 0.7071}, 20), 6, 0.05);
  EXPECT_NEAR(gain_at("low_shelf", {400, 6, 0.7071}, 400), 3, 0.05);
  EXPECT_NEAR(gain_at("low_shelf", {400, 6, 0.7071}, 8000), 0, 0.05);
  EXPECT_NEAR(gain_at("high_shelf", {3000, -6, 0.7071}, 11000), -6, 0.1);
  EXPECT_NEAR(gain_at("high_shelf", {3000, -6, 0.7071}, 100), 0, 0.05);
  EXPECT_NEAR(gain_at("ladder", {8000, 0, 0}, 100), 0, 0.6);
  EXPECT_LT(gain_at("ladder", {500, 0, 0}, 4000), -60);
  EXPECT_GT(gain_at("ladder", {1000, 0.9, 0}, 1000), gain_at("ladder", {1000, 0, 0}, 1000) + 6);
}

TEST(Delays, AreWhereTheyAreAskedFor) {
  std::vector<float> click(3 * kToneRate);
  click[0] = 1;
  const std::vector<float> echo = through("delay", {0.5, 0.5}, click);
  EXPECT_NEAR(echo[kToneRate / 2], 1, 1e-6);
  EXPECT_NEAR(echo[kToneRate], 0.5, 1e-6);
  EXPECT_EQ(std::count_if(echo.begin(), echo.end(), [](float y) { return y != 0; }), 5);
  const std::vector<float> still = through("chorus", {1, 0, 10, 0}, click);
  EXPECT_NEAR(still[kToneRate / 100 + 1], 1, 1e-6);
  const std::vector<float> room = through("reverb", {0.9, 0.2}, click), small = through("reverb", {0.1, 0.2}, click);
  const auto late = [](const std::vector<float>& y) {
    double sum = 0;
    for (size_t i = kToneRate; i < y.size(); ++i) sum += double(y[i]) * y[i];
    return sum;
  };
  EXPECT_GT(late(room), 100 * late(small));
}

TEST(Phaser, MovesNotches) {
  const std::vector<float> x = noise(2 * kToneRate, 0.2), y = through("phaser", {1, 0.5, 1300, 0}, x);
  double energy = 0, dry = 0;
  for (size_t i = 0; i < x.size(); ++i) energy += double(y[i]) * y[i], dry += double(x[i]) * x[i];
  EXPECT_NEAR(energy / dry, 1, 0.02);  // all-pass
  EXPECT_FALSE(x == y);
}

TEST(Dynamics, HaveTheirCurves) {
  const auto level_out = [](const char* effect, const Settings& settings, double amplitude) {
    std::vector<float> constant(kToneRate, float(amplitude));
    return through(effect, settings, constant).back();
  };
  EXPECT_NEAR(level_out("gain", {6}, 0.1), 0.1 * std::pow(10, 0.3), 1e-6);
  EXPECT_NEAR(level_out("compressor", {-20, 4, 1, 100}, 1), std::pow(10, -15 / 20.0), 1e-4);  // 20 dB above: 5
  EXPECT_NEAR(level_out("compressor", {-20, 4, 1, 100}, 0.05), 0.05, 1e-6);
  EXPECT_NEAR(level_out("gate", {-20, 2, 1, 100}, 0.01), 0.001, 1e-5);
  EXPECT_NEAR(level_out("gate", {-20, 2, 1, 100}, 0.5), 0.5, 1e-6);
  const std::vector<float> limited = through("limiter", {-12, 50}, noise(kToneRate, 1));
  EXPECT_LE(*std::max_element(limited.begin(), limited.end()), std::pow(10, -12 / 20.0) + 1e-6);
  EXPECT_NEAR(level_out("limiter", {-12, 50}, 0.1), 0.1, 1e-6);
  EXPECT_NEAR(level_out("clipping", {-6}, 1), std::pow(10, -6 / 20.0), 1e-6);
}

TEST(RingModulator, PutsLinesOnBothSides) {
  const std::vector<float> y = through("ring_modulator", {500, 1}, tone(1, 2 * kToneRate, 2000));
  RealFft fft(kToneRate);
  std::vector<std::complex<float>> bins(size_t(fft.bins()));
  fft.forward(y.data() + kToneRate, bins.data());
  for (const int hertz : {1500, 2500}) EXPECT_NEAR(std::abs(bins[size_t(hertz)]) / kToneRate, 0.25, 1e-3);
  EXPECT_LT(std::abs(bins[2000]) / kToneRate, 1e-4);
}

TEST(PitchShift, MovesALineAndDelaysWhatItDoesNotMove) {
  const std::vector<float> x = tone(0.5, 2 * kToneRate, 1000);
  const std::vector<float> up = through("pitch_shift", {12, 50}, x), same = through("pitch_shift", {0, 50}, x);
  const int late = effects().at("pitch_shift").make({0, 50}, kToneRate)->latency();
  EXPECT_EQ(late, kToneRate / 40);
  for (int i = late; i < 4000; ++i) ASSERT_NEAR(same[size_t(i)], x[size_t(i - late)], 1e-6);
  RealFft fft(kToneRate);
  std::vector<std::complex<float>> bins(size_t(fft.bins()));
  fft.forward(up.data() + kToneRate, bins.data());
  double near = 0, all = 0;
  for (int k = 1; k < fft.bins(); ++k) {
    const double power = std::norm(bins[size_t(k)]);
    all += power, near += std::abs(k - 2000) <= 60 ? power : 0;
  }
  EXPECT_GT(near / all, 0.95);
}

TEST(Codings, AreTheirLawAndCoarserWithFewerBits) {
  const double wanted = std::round(std::log1p(255 * 0.3) / std::log(256.0) * 8) / 8;
  EXPECT_NEAR(through("mu_law", {4}, {0.3f, -0.3f})[0], (std::pow(256, wanted) - 1) / 255, 1e-6);
  EXPECT_NEAR(through("mu_law", {4}, {0.3f, -0.3f})[1], -(std::pow(256, wanted) - 1) / 255, 1e-6);
  const std::vector<float> x = tone(0.5, kToneRate);
  const auto snr = [&](const char* effect, double bits) {
    const std::vector<float> y = through(effect, {bits}, x);
    double signal = 0, error = 0;
    for (size_t i = 0; i < x.size(); ++i) signal += x[i] * x[i], error += (y[i] - x[i]) * (y[i] - x[i]);
    return 10 * std::log10(signal / error);
  };
  EXPECT_GT(snr("mu_law", 12), snr("mu_law", 8) + 15);
  EXPECT_GT(snr("adpcm", 2), 25) << "four bits";
  EXPECT_GT(snr("adpcm", 2), snr("adpcm", 1));
  EXPECT_GT(snr("adpcm", 1), snr("adpcm", 0));
}

}  // namespace
}  // namespace nr
