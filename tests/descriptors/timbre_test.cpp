#include <gtest/gtest.h>

#include <complex>

#include "descriptors/descriptor.h"
#include "descriptors/roughness.h"
#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr Framing kFraming{16000, 1024, 256};

float late(const std::string& name, const std::vector<float>& x, const Framing& framing = kFraming) {
  const std::vector<float> curve = analyse(x, {name}, framing)[0];
  return curve[curve.size() - 8];
}

std::vector<float> two(double first, double second, double amplitude = 0.1) {
  std::vector<float> x = sine(first, 16000, 16000, amplitude);
  const std::vector<float> y = sine(second, 16000, 16000, amplitude);
  for (size_t i = 0; i < x.size(); ++i) x[i] += y[i];
  return x;
}

TEST(Loudness, OfAFullScaleToneAt997HertzIsMinus3AtEveryRate) {
  for (const int rate : {16000, 44100, 48000})
    for (const int hop : {256, 512})
      EXPECT_NEAR(late("loudness", sine(997, rate, rate), {rate, 1024, hop}), -3.01, 0.05) << rate;
}

// Gain in dB of the two filters of BS.1770-4, annex 1, tables 1 and 2, at 48 kHz.
double k_weighting(double hz) {
  const std::complex<double> z = std::polar(1.0, -2 * M_PI * hz / 48000);
  const auto shelf = (1.53512485958697 + z * (-2.69169618940638 + z * 1.19839281085285)) /
                     (1.0 + z * (-1.69065929318241 + z * 0.73248077421585));
  const auto high_pass = (1.0 + z * (-2.0 + z)) / (1.0 + z * (-1.99004745483398 + z * 0.99007225036621));
  return 20 * std::log10(std::abs(shelf * high_pass));
}

TEST(Loudness, FollowsTheKWeightingOfTheStandard) {
  for (const double hz : {50.0, 100.0, 400.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0}) {
    const double found = late("loudness", sine(hz, 48000, 96000, 0.1), {48000, 1024, 256});
    EXPECT_NEAR(found, -0.691 - 20 - 10 * std::log10(2) + k_weighting(hz), 0.01) << hz << " Hz";
  }
}

TEST(Loudness, RemembersExactly400Milliseconds) {
  std::vector<float> x = sine(1000, 16000, 16000, 0.5);
  x.resize(32000);
  const std::vector<float> curve = analyse(x, {"loudness"}, kFraming)[0];
  EXPECT_NEAR(curve[73], curve[40] + 10 * std::log10(1 - (74 * 256 - 16000) / 6400.0), 0.05);
  EXPECT_LT(curve[62 + 27], -60);
}

TEST(Flux, IsZeroForASteadyToneAndOneWhereSoundBegins) {
  std::vector<float> x(8192);
  const std::vector<float> tone = sine(1000, 16000, 16000, 0.3);
  x.insert(x.end(), tone.begin(), tone.end());
  const std::vector<float> curve = analyse(x, {"flux"}, kFraming)[0];
  EXPECT_TRUE(std::isnan(curve[8]));
  EXPECT_NEAR(curve[30], 1, 1e-5);
  EXPECT_LT(curve[60], 1e-3);
}

TEST(Flux, ForgetsTheSignalBefore) {
  Analyser analyser({"flux"}, kFraming);
  const std::vector<float> x = noise(1024);
  float value = 0;
  analyser.process(x.data(), &value);
  analyser.process(x.data(), &value);
  EXPECT_EQ(value, 0);
  analyser.reset();
  analyser.process(x.data(), &value);
  EXPECT_NEAR(value, 1, 1e-6);
}

TEST(ZeroCrossings, OfASineAreTwoAPeriod) {
  EXPECT_NEAR(late("zero_crossings", sine(1000, 16000, 16000)), 2 * 1000 / 16000.0, 2e-3);
}

TEST(Brightness, IsTheShareAbove1500Hertz) {
  EXPECT_LT(late("brightness", sine(500, 16000, 16000)), 1e-4);
  EXPECT_GT(late("brightness", sine(4000, 16000, 16000)), 0.9999);
  EXPECT_NEAR(late("brightness", two(500, 4000)), 0.5, 1e-3);
}

TEST(Warmth, FallsAsTheSpectrumRises) {
  double before = 1.01;
  for (const double hz : {150.0, 400.0, 600.0, 1000.0}) {
    const double now = late("warmth", sine(hz, 16000, 16000, 0.1));
    EXPECT_LT(now, before) << hz;
    before = now;
  }
  EXPECT_LT(before, 0.02);
}

TEST(Booming, IsStrongestBelow280Hertz) {
  EXPECT_GT(late("booming", sine(80, 16000, 16000, 0.3)), 2 * late("booming", sine(500, 16000, 16000, 0.3)));
  EXPECT_LT(late("booming", sine(3000, 16000, 16000, 0.3)), 0.5);
}

TEST(Sharpness, RisesWithFrequency) {
  EXPECT_NEAR(late("sharpness", sine(1000, 48000, 48000, 1.4e-2), {48000, 4096, 1024}), 1, 0.1);
  EXPECT_GT(late("sharpness", sine(6000, 16000, 16000, 0.1)), 3);
}

TEST(Roughness, OfTwoPartialsPeaksAtAQuarterOfACriticalBand) {
  const double peak = pair_roughness({1000, 1}, {1036, 1});
  for (const double apart : {5.0, 20.0, 60.0, 200.0})
    EXPECT_LT(pair_roughness({1000, 1}, {1000 + apart, 1}), peak) << apart;
  EXPECT_EQ(pair_roughness({1000, 1}, {1000, 1}), 0);
}

TEST(Roughness, OfATimeSeriesIsThatOfItsPartials) {
  const double wanted = pair_roughness({1000, 1}, {1040, 1});
  EXPECT_NEAR(late("roughness", two(1000, 1040)), wanted, 0.05 * wanted);
  EXPECT_NEAR(late("roughness", two(1000, 1040, 0.001)), wanted, 0.05 * wanted);
  EXPECT_FLOAT_EQ(late("roughness", sine(1000, 16000, 16000)), 1e-3f);
  EXPECT_LT(late("roughness", two(1000, 1500)), 0.02 * wanted);
}

TEST(Table, SaysWhatEachMeasurementLooksAt) {
  for (const Descriptor& d : descriptors().rows) {
    EXPECT_LT(d.low, d.high < 0 ? 8000 : d.high) << d.name;
    EXPECT_EQ(latency(d, kFraming), d.causal ? 128 : 512) << d.name;
    EXPECT_EQ(d.causal, d.seconds > 0) << d.name;
  }
}

// Whatever the row says: what lies beyond `latency` must not change a measurement.
TEST(Table, SaysHowFarAMeasurementLooksAhead) {
  for (const Descriptor& d : descriptors().rows) {
    const std::vector<float> whole = harmonic(220, 16000, 16000);
    std::vector<float> cut = whole;
    const int i = 40, end = i * 256 + 128 + latency(d, kFraming);
    for (size_t n = size_t(end); n < cut.size(); ++n) cut[n] = 0.9f;
    const float a = analyse(whole, {d.name}, kFraming)[0][i], b = analyse(cut, {d.name}, kFraming)[0][i];
    EXPECT_EQ(a, b) << d.name;
    for (size_t n = size_t(end - 256); n < cut.size(); ++n) cut[n] = n % 3 ? 0.9f : -0.9f;
    EXPECT_NE(a, analyse(cut, {d.name}, kFraming)[0][i]) << d.name;
  }
}

TEST(Table, StaysInTheRangesItNames) {
  std::vector<float> x = harmonic(220, 16000, 16000);
  const std::vector<float> hiss = noise(16000, 0.3), low = sine(60, 16000, 16000), nothing(8000);
  for (const auto* part : {&hiss, &low, &nothing}) x.insert(x.end(), part->begin(), part->end());
  const auto curves = analyse(x, descriptors().names(), kFraming);
  for (size_t d = 0; d < curves.size(); ++d) {
    const Descriptor& row = descriptors().rows[d];
    for (const float value : curves[d]) {
      if (std::isnan(value)) continue;
      EXPECT_GE(value, float(row.low)) << row.name;
      EXPECT_LE(value, row.high < 0 ? 8000 : row.high) << row.name;
    }
  }
}

TEST(Loudness, NeedsWindowsThatTouch) {
  EXPECT_EQ(error_of([] {
              Analyser({"loudness"}, {16000, 512, 1024});
            }),
            "loudness every 1024 samples from windows of 512: the windows must touch each other");
}

}  // namespace
}  // namespace nr
