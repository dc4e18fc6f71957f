// Against the reference values that ISO 532-1:2017 (annex B) and DIN 45692:2009 (tables A.2 and A.3) publish.
#include "descriptors/zwicker.h"

#include <gtest/gtest.h>

#include <complex>

#include "descriptors/descriptor.h"
#include "dsp/fft.h"
#include "dsp/window.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr int kRate = 48000, kWindow = 8192;

double amplitude(double db_spl) { return std::pow(10, (db_spl - kFullScaleDb) / 20) * std::sqrt(2); }

// Equal partials with random phases, between two frequencies, of unit RMS: noise whose spectrum does not fluctuate.
std::vector<float> band(double low, double high) {
  RealFft fft(kWindow);
  Random random(1);
  std::vector<std::complex<float>> bins(fft.bins());
  double energy = 0;
  for (int k = 1; k < fft.bins() - 1; ++k) {
    const double hz = double(k) * kRate / kWindow;
    if (hz < low || hz > high) continue;
    bins[k] = std::polar(1.f, float(random.uniform(0, 2 * M_PI)));
    energy += 2;
  }
  std::vector<float> x(kWindow);
  fft.inverse(bins.data(), x.data());
  for (float& v : x) v /= float(std::sqrt(energy));
  return x;
}

struct Heard {
  double sone, acum;
};

Heard hear(std::vector<float> x, double gain = 1) {
  static RealFft fft(kWindow);
  static const ThirdOctaves third_octaves(kRate, kWindow);
  static const std::vector<double> hann = hann_window(kWindow);
  static Analyser analyser({"sharpness"}, {kRate, kWindow, kWindow});
  for (float& v : x) v *= float(gain);
  std::vector<std::complex<float>> bins(fft.bins());
  std::vector<float> power(fft.bins()), windowed(kWindow);
  for (int n = 0; n < kWindow; ++n) windowed[n] = x[n] * float(hann[n]);
  fft.forward(windowed.data(), bins.data());
  for (int k = 0; k < fft.bins(); ++k) power[k] = std::norm(bins[k]);
  ThirdOctaveLevels levels;
  SpecificLoudness loudness;
  third_octaves.measure(power.data(), levels);
  specific_loudness(levels, loudness);
  float acum = 0;
  analyser.process(x.data(), &acum);
  return {loudness.total, acum};
}

// The gain at which a sound is `sone` loud.
double gain_for(const std::vector<float>& x, double sone) {
  double low = 1e-6, high = 1;
  for (int i = 0; i < 30; ++i) (hear(x, std::sqrt(low * high)).sone < sone ? low : high) = std::sqrt(low * high);
  return low;
}

// The tolerance of ISO 532-1, 5.1.
void expect_sone(double found, double published) {
  EXPECT_NEAR(found, published, std::max(0.1, 0.05 * published));
}

TEST(Zwicker, OfTheThirdOctavesOfAnnexB2IsThePublishedLoudness) {
  const ThirdOctaveLevels machine{-60, -60, 78, 79, 89, 72, 80, 89, 75, 87, 85, 79, 86, 80,
                                  71,  70,  72, 71, 72, 74, 69, 65, 67, 77, 68, 58, 45, 30};
  SpecificLoudness loudness;
  specific_loudness(machine, loudness);
  EXPECT_NEAR(loudness.total, 83.296, 0.05);
  double area = 0;
  for (const float n : loudness.at) area += 0.1 * n;
  EXPECT_NEAR(area, loudness.total, 0.01 * loudness.total);
}

TEST(Zwicker, OfTheTonesOfAnnexB3IsThePublishedLoudness) {
  expect_sone(hear(sine(250, kRate, kWindow, amplitude(80))).sone, 14.655);
  expect_sone(hear(sine(1000, kRate, kWindow, amplitude(60))).sone, 4.019);
  expect_sone(hear(sine(4000, kRate, kWindow, amplitude(40))).sone, 1.549);
}

TEST(Zwicker, DoublesEveryTenDecibelsFromOneSoneAt40) {
  for (const double db : {40.0, 50.0, 60.0, 70.0, 80.0})
    expect_sone(hear(sine(1000, kRate, kWindow, amplitude(db))).sone, std::exp2((db - 40) / 10));
}

TEST(Zwicker, HearsNothingBelowTheThreshold) { EXPECT_LT(hear(sine(1000, kRate, kWindow, amplitude(0))).sone, 0.01); }

TEST(Sharpness, OfNarrowBandsOfFourSoneIsThatOfTheStandard) {
  const double centre[] = {250,  350,  450,  570,  700,  840,  1000, 1170, 1370, 1600, 1850,
                           2150, 2500, 2900, 3400, 4000, 4800, 5800, 7000, 8500, 10500};
  const double edge[] = {200,  300,  400,  510,  630,  770,  920,  1080, 1270, 1480, 1720,
                         2000, 2320, 2700, 3150, 3700, 4400, 5300, 6400, 7700, 9500, 12000};
  const double acum[] = {.38,  .49,  .60,  .71, .82,  .93,  1,    1.13, 1.26, 1.35, 1.49,
                         1.64, 1.78, 2.06, 2.4, 2.82, 3.48, 4.43, 5.52, 6.81, 8.55};
  for (int i = 0; i < 21; ++i) {
    const std::vector<float> x = band(edge[i], edge[i + 1]);
    EXPECT_NEAR(hear(x, gain_for(x, 4)).acum, acum[i], std::max(0.05, 0.05 * acum[i])) << centre[i] << " Hz";
  }
}

TEST(Sharpness, OfNoiseUpTo10KilohertzIsThatOfTheStandard) {
  const double from[] = {250,  350,  450,  570,  700,  840,  1000, 1170, 1370, 1600,
                         1850, 2150, 2500, 2900, 3400, 4000, 4800, 5800, 7000, 8500};
  const double acum[] = {2.7,  2.74, 2.78, 2.85, 2.91, 2.96, 3.05, 3.12, 3.20, 3.3,
                         3.42, 3.53, 3.69, 3.89, 4.12, 4.49, 5.04, 5.69, 6.47, 7.46};
  for (int i = 0; i < 20; ++i) {
    const std::vector<float> x = band(from[i], 10000);
    EXPECT_NEAR(hear(x, gain_for(x, 4)).acum, acum[i], std::max(0.05, 0.05 * acum[i])) << from[i] << " Hz";
  }
}

}  // namespace
}  // namespace nr
