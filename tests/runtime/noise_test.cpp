// Snakes, frame filters and the noise that a stream draws, on numbers small enough to check by hand.
#include "export/runtime/noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "export/runtime/kernels.h"
#include "export/runtime/stream.h"

namespace nr {
namespace {

TEST(Noise, IsWhiteUniformAndTheSameAfterEveryReset) {
  Noise noise, again;
  double sum = 0, power = 0, neighbour = 0, last = 0;
  const int count = 1 << 18;
  for (int i = 0; i < count; ++i) {
    const int16_t drawn = noise();
    ASSERT_EQ(drawn, again());
    const double x = drawn / 32768.0;
    sum += x, power += x * x, neighbour += x * last, last = x;
  }
  EXPECT_NEAR(sum / count, 0, 5e-3);
  EXPECT_NEAR(power / count, 1.0 / 3, 5e-3);
  EXPECT_NEAR(neighbour / count, 0, 5e-3);
}

TEST(FloatEngine, ItsSnakeIsTheLibrarysWithin2e6NearZeroAnd1e5OverSixteenPeriods) {
  for (const float rate : {0.3f, 1.0f, 4.0f}) {
    const float size = 1 / rate;
    for (double x = -50; x < 50; x += 0.0371) {
      float arena[2] = {float(x), 0};
      nr_node n{};
      n.op = NR_SNAKE, n.rows = 1, n.channels = 1, n.a = n.b = {0, 1}, n.y = {1, 1}, n.weights = &rate, n.bias = &size;
      run_node(n, arena);
      const double s = std::sin(double(rate) * float(x));
      ASSERT_NEAR(arena[1], float(x) + s * s / rate, 1e-5) << rate << " " << x;
      if (std::fabs(rate * x) < 4) {
        ASSERT_NEAR(arena[1], float(x) + s * s / rate, 2e-6) << rate << " " << x;
      }
    }
  }
}

// Two channels, two bins of two taps, two rows a filter: taps of channel 0: (1, 3), of channel 1: (2, 20).
TEST(FloatEngine, FiltersEveryChannelsNoiseWithItsOwnTaps) {
  const float responses[] = {1, 0, 0, 1};
  // amplitudes, then noise with one row of the past, then the output
  float arena[4 + 6 + 4] = {1, 3, 2, 20, /**/ 5, 7, 1, 10, 0, -1};
  nr_node n{};
  n.op = NR_FRAME_FILTER, n.rows = 2, n.channels = 2, n.a = {0, 4}, n.b = {6, 2}, n.y = {10, 2};
  n.runs = 2, n.run = 2, n.row_step = 2, n.weights = responses;
  run_node(n, arena);
  EXPECT_EQ(arena[10], 1 * 1 + 3 * 5);
  EXPECT_EQ(arena[11], 2 * 10 + 20 * 7);
  EXPECT_EQ(arena[12], 1 * 0 + 3 * 1);
  EXPECT_EQ(arena[13], 2 * -1 + 20 * 10);
}

TEST(IntegerEngine, FiltersFullScaleNoiseWithTheMostTapsWithoutOverflow) {
  constexpr int kRows = 3, kOutput = kMostTaps + kRows;
  int16_t responses[kMostTaps], arena[kOutput + kRows];
  for (int16_t& r : responses) r = 16384;
  for (int16_t& x : arena) x = -32768;
  nr_node n{};
  n.op = NR_FRAME_FILTER, n.rows = kRows, n.channels = 1, n.a = {0, 1}, n.b = {kMostTaps, 1}, n.y = {kOutput, 1};
  n.runs = 1, n.run = kMostTaps, n.row_step = kRows, n.weights = responses;
  n.factor = 1 << 17;  // amplitudes in 1/32768, output in 1/512
  run_node(n, arena);
  for (int t = 0; t < kRows; ++t) EXPECT_EQ(arena[kOutput + t], 63 * 512);
}

// A filter of its own for each row has another order of sums: the same numbers, also at full scale.
TEST(IntegerEngine, FiltersEveryRowAnewAsItFiltersFramesOfRows) {
  constexpr int kRows = 6, kBins = 3;
  for (const int taps : {1, 2, 6, 7, 8, 13}) {
    int16_t arena[2 * kBins * kRows + 2 * (kRows + 16) + 2 * kRows], responses[kBins * 16];
    const int noise = 2 * kBins * kRows + 2 * 16, output = noise + 2 * kRows;
    Noise drawn;
    for (int16_t& x : arena) x = drawn() < 0 ? -32768 : 32767;
    for (int16_t& r : responses) r = int16_t(drawn() < 0 ? -65535 / 16 : 65535 / 16);
    nr_node n{};
    n.op = NR_FRAME_FILTER, n.rows = kRows, n.channels = 2, n.b = {noise, 2}, n.y = {output, 2};
    n.a = {0, 2 * kBins}, n.runs = kBins, n.run = taps, n.row_step = 1, n.weights = responses, n.factor = 1 << 18;
    run_node(n, arena);
    for (int t = 0; t < kRows; ++t)
      for (int c = 0; c < 2; ++c) {
        int64_t sum = 0;
        for (int k = 0; k < taps; ++k)
          for (int i = 0; i < kBins; ++i)
            sum += int64_t{arena[t * n.a.pitch + c * kBins + i]} * responses[i * taps + k] *
                   arena[noise + (t - k) * 2 + c];
        const int64_t wanted = ((sum >> 20) * n.factor + (int64_t{1} << 31)) >> 32;
        ASSERT_EQ(arena[output + t * 2 + c], std::max<int64_t>(-32768, std::min<int64_t>(32767, wanted))) << taps;
      }
  }
}

// A program of one input named "noise" that is its output.
TEST(Stream, DrawsItsNoiseWhereNoneIsGivenHoweverLongItsTicks) {
  float heard[2][12];
  for (const int frames : {2, 3}) {
    const nr_port port{"noise", 2, frames, {0, 2}, 1};
    const nr_program program{1, NR_FLOAT32, frames, 0, 8, 1, 1, 0, 0, &port, &port, nullptr, nullptr};
    alignas(8) float arena[8];
    Stream stream(program, arena);
    const float* const in[] = {nullptr};
    for (int round = 0; round < 2; ++round, stream.reset())
      for (int tick = 0; tick * frames < 6; ++tick) {
        float* const out[] = {heard[frames - 2] + tick * 2 * frames};
        stream.tick(in, out);
      }
  }
  Noise noise;
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(heard[0][i], heard[1][i]);
    EXPECT_EQ(heard[0][i], noise() / 32768.0f);
  }
}

}  // namespace
}  // namespace nr
