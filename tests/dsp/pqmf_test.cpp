#include "dsp/pqmf.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace nr {
namespace {

// Analysis at stride M and synthesis, written as plain sums.
std::vector<double> there_and_back(const Pqmf& bank, const std::vector<double>& x) {
  const int M = bank.bands, N = bank.taps;
  std::vector<double> y(x.size() + N);
  for (int t = 0; t < int(x.size()) / M; ++t)
    for (int k = 0; k < M; ++k) {
      double band = 0;
      for (int j = 0; j < N; ++j) {
        const int at = t * M + M - 1 - (N - 1) + j;
        if (at >= 0) band += bank.analysis[k * N + j] * x[at];
      }
      for (int j = 0; j < N; ++j) y[t * M + j] += bank.synthesis[k * N + j] * band;
    }
  return y;
}

TEST(Pqmf, HasThePublishedLengths) {
  EXPECT_EQ(design_pqmf(16, 100).taps, 377);
  EXPECT_EQ(design_pqmf(8, 100).taps, 189);
  EXPECT_EQ(design_pqmf(16, 70).taps, 249);
}

TEST(Pqmf, ReconstructsNoiseWithin59DecibelsAfterItsDelay) {
  for (const int bands : {4, 8, 16}) {
    const Pqmf bank = design_pqmf(bands, 100);
    Random random(1);
    std::vector<double> x(8192);
    for (double& v : x) v = random.normal();
    const std::vector<double> y = there_and_back(bank, x);
    const int delay = bank.taps - bands;
    double signal = 0, error = 0;
    for (int i = 1024; i < 7000; ++i) signal += x[i] * x[i], error += std::pow(y[i + delay] - x[i], 2);
    EXPECT_GT(10 * std::log10(signal / error), 59) << bands;
  }
}

}  // namespace
}  // namespace nr
