#include "dsp/frame_filter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nr {
namespace {

TEST(FrameFilter, OfAFlatSpectrumIsADelay) {
  for (const int bins : {2, 5, 32}) {
    const std::vector<float> responses = design_frame_filter(bins);
    const int taps = 2 * bins - 3;
    ASSERT_EQ(responses.size(), size_t(bins * taps));
    for (int k = 0; k < taps; ++k) {
      double sum = 0, bound = 0;
      for (int i = 0; i < bins; ++i) sum += responses[i * taps + k], bound += std::fabs(responses[i * taps + k]);
      EXPECT_NEAR(sum, k == (taps - 1) / 2, 1e-6) << bins << " bins, tap " << k;
      EXPECT_LE(bound, 1 + 1e-6) << "an amplitude of 1 must not make a tap above 1";
    }
  }
}

// A Hann window smears a bin over its neighbours: half of it stays, a quarter goes to each, and the edges mirror.
TEST(FrameFilter, PassesABinByHalfAndItsNeighboursByAQuarter) {
  const int bins = 9, taps = 2 * bins - 3, size = 2 * (bins - 1);
  const std::vector<float> responses = design_frame_filter(bins);
  for (int i = 0; i < bins; ++i)
    for (int at = 0; at < bins; ++at) {
      double gain = 0;
      for (int k = 0; k < taps; ++k) gain += responses[i * taps + k] * std::cos(2 * M_PI * at * (k - bins + 2) / size);
      const double wanted = at == i ? 0.5
                            : std::abs(at - i) == 1
                                ? (i > 0 && i < bins - 1 && (at == 0 || at == bins - 1) ? 0.5 : 0.25)
                                : 0;
      EXPECT_NEAR(gain, wanted, 1e-6) << "of bin " << i << " at " << at;
    }
}

}  // namespace
}  // namespace nr
