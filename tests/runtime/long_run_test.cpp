// A day of playing: the generators' states wrap around, and nothing drifts.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "export/runtime/noise.h"
#include "export/runtime/pulses.h"

namespace nr {
namespace {

#ifdef NDEBUG
constexpr int64_t kSeconds = 24 * 3600;
#else
constexpr int64_t kSeconds = 600;
#endif
constexpr int64_t kRate = 16000, kSamples = kSeconds * kRate;

// 2^-8 periods a sample: a period is 256 samples to the bit.
TEST(LongRun, PulsesAreInPhaseAfterADay) {
  constexpr int kPeriod = 256, kPitch = -8 * kPulseOne;
  Pulses pulses;
  const auto period = [&] {
    std::vector<int32_t> out;
    pulses.frame(kPitch, kPulseOne, kPeriod, [&](int32_t sample) { out.push_back(sample); });
    return out;
  };
  period();  // where the gate opens
  const std::vector<int32_t> first = period();
  EXPECT_GT(*std::max_element(first.begin(), first.end()), kPulseOne);
  for (int64_t played = 0; played < kSamples; played += kSamples / 100)
    pulses.frame(kPitch, kPulseOne, int(kSamples / 100), [](int32_t) {});
  EXPECT_EQ(kSamples / 100 % kPeriod, 0);
  EXPECT_EQ(period(), first);
}

// state -> factor * state + term, so many times over, by squaring.
uint32_t jumped(uint32_t state, int64_t times) {
  uint32_t factor = kNoiseFactor, term = kNoiseTerm;
  for (; times > 0; times >>= 1, term = factor * term + term, factor *= factor)
    if (times & 1) state = factor * state + term;
  return state;
}

TEST(LongRun, NoiseGoesOnAfterHoursAsItsRecurrenceSays) {
  constexpr int64_t kDrawn = kSamples / 8;
  Noise noise;
  for (int64_t i = 0; i < kDrawn; ++i) noise();
  const uint32_t state = jumped(1, kDrawn + 1);
  EXPECT_EQ(noise(), static_cast<int16_t>(state >> 16));
  EXPECT_EQ(noise(), static_cast<int16_t>(jumped(state, 1) >> 16));
}

}  // namespace
}  // namespace nr
