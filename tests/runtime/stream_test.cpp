// The engine on programs small enough to check by hand.
#include "export/runtime/stream.h"

#include <gtest/gtest.h>

#include <cmath>

#include "export/runtime/fifo.h"
#include "export/runtime/kernels.h"
#include "export/runtime/simd.h"
#include "support/allocation.h"

namespace nr {
namespace {

// y[t] = x[t] + 10 x[t-1] + 100 x[t-2] + 0.5, one channel, two rows a tick; then nothing else.
struct ThreeTaps {
  float weights[12] = {100, 0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 0}, bias[4] = {0.5f, 0, 0, 0};
  nr_node node{};
  nr_port in{"x", 1, 2, {2, 1}, 1}, out{"y", 1, 2, {4, 1}, 1};
  nr_line line{0, 2, 2};
  nr_program program{1, NR_FLOAT32, 2, 0, 8, 1, 1, 1, 1, &in, &out, &node, &line};
  ThreeTaps() {
    node.op = NR_CONV, node.weight_bits = 32, node.rows = 2, node.channels = 1;
    node.a = node.b = {0, 1}, node.y = {4, 1};
    node.runs = 1, node.run = 3, node.run_step = 1, node.row_step = 1;
    node.weights = weights, node.bias = bias;
  }
};

TEST(Stream, RemembersThePastFromTickToTick) {
  const ThreeTaps taps;
  alignas(8) float arena[8];
  Stream stream(taps.program, arena);
  float y[2];
  float* const out[] = {y};
  const float first[] = {1, 2}, second[] = {3, 4};
  const float *const in1[] = {first}, *const in2[] = {second};
  stream.tick(in1, out);
  EXPECT_EQ(y[0], 1.5f);
  EXPECT_EQ(y[1], 12.5f);
  stream.tick(in2, out);
  EXPECT_EQ(y[0], 123.5f);
  EXPECT_EQ(y[1], 234.5f);
}

TEST(Stream, ResetForgets) {
  const ThreeTaps taps;
  alignas(8) float arena[8];
  Stream stream(taps.program, arena);
  float y[2];
  float* const out[] = {y};
  const float x[] = {1, 2};
  const float* const in[] = {x};
  stream.tick(in, out);
  stream.reset();
  stream.tick(in, out);
  EXPECT_EQ(y[0], 1.5f);
}

TEST(Stream, ALateWireIsZeroUntilTheSignalStarts) {
  ThreeTaps taps;
  taps.node.late_at = 4, taps.node.late = 3;
  alignas(8) float arena[8];
  Stream stream(taps.program, arena);
  float y[2];
  float* const out[] = {y};
  const float x[] = {1, 1};
  const float* const in[] = {x};
  stream.tick(in, out);
  EXPECT_EQ(y[0], 0);
  EXPECT_EQ(y[1], 0);
  stream.tick(in, out);
  EXPECT_EQ(y[0], 0);
  EXPECT_EQ(y[1], 111.5f);
}

TEST(Stream, NeverAllocatesInATick) {
  const ThreeTaps taps;
  alignas(8) float arena[8];
  Stream stream(taps.program, arena);
  float y[2];
  float* const out[] = {y};
  const float x[] = {1, 2};
  const float* const in[] = {x};
  const int64_t before = allocations();
  for (int i = 0; i < 100; ++i) stream.tick(in, out);
  EXPECT_EQ(allocations(), before);
}

nr_node pointwise(nr_op op, int count) {
  nr_node n{};
  n.op = op, n.rows = 1, n.channels = count, n.a = n.b = {0, count}, n.y = {count, count}, n.b_channels = count;
  return n;
}

TEST(FloatEngine, ItsTanhAndSigmoidsAreTheLibrarysWithin2e7) {
  for (const nr_op op : {NR_TANH, NR_SIGMOID, NR_MOD_SIGMOID})
    for (double x = -100; x < 100; x += 0.0371) {
      float arena[2] = {float(x), 0};
      run_node(pointwise(op, 1), arena);
      const double s = 1 / (1 + std::exp(-double(float(x))));
      const double wanted = op == NR_TANH      ? std::tanh(double(float(x)))
                            : op == NR_SIGMOID ? s
                                               : 2 * std::pow(s, 2.3) + 1e-7;
      ASSERT_NEAR(arena[1], wanted, 4e-7) << op << " of " << x;
    }
}

TEST(IntegerEngine, AddsWithSaturation) {
  int16_t arena[9] = {30000, -30000, 5, 10000, -10000, 6, 0, 0, 0};
  nr_node n = pointwise(NR_ADD, 3);
  n.b = {3, 3}, n.y = {6, 3};
  run_node(n, arena);
  EXPECT_EQ(arena[6], 32767);
  EXPECT_EQ(arena[7], -32768);
  EXPECT_EQ(arena[8], 11);
}

TEST(IntegerEngine, LeakyReluRoundsDown) {
  int16_t arena[6] = {100, -100, -3, 0, 0, 0};
  nr_node n = pointwise(NR_LEAKY_RELU, 3);
  n.factor = 13107;  // 0.2
  run_node(n, arena);
  EXPECT_EQ(arena[3], 100);
  EXPECT_EQ(arena[4], -20);
  EXPECT_EQ(arena[5], -1);
}

TEST(IntegerEngine, ConvolvesWithInt8AndInt16WeightsAlike) {
  // One output, four inputs: 1 2 3 4 . weights 10 20 -30 40, just under 1/2, bias 8.
  const int8_t w8[] = {10, -30, 20, 40, 0, 0, 0, 0};
  const int16_t w16[] = {10, 20, 0, 0, -30, 40, 0, 0};
  const int32_t bias[] = {8, 0, 0, 0}, half[] = {INT32_MAX, 0, 0, 0};
  for (const int bits : {8, 16}) {
    int16_t arena[8] = {1, 2, 3, 4, 0, 0, 0, 0};
    nr_node n{};
    n.op = NR_CONV, n.weight_bits = uint8_t(bits), n.rows = 1, n.channels = 1, n.a = {0, 4}, n.y = {4, 1};
    n.runs = 1, n.run = 4, n.row_step = 4, n.bias = bias, n.multiplier = half;
    n.weights = bits == 8 ? static_cast<const void*>(w8) : w16;
    run_node(n, arena);
    EXPECT_EQ(arena[4], 64) << bits;  // (10 + 40 - 90 + 160 + 8) / 2, rounded
    EXPECT_EQ(arena[5], 0) << bits;
  }
}

TEST(TickFifo, HandsOverWholeTicksInOrderAndSaysWhenItIsEmpty) {
  TickFifo<4> fifo{};
  float sample;
  EXPECT_FALSE(fifo.pop(sample));
  for (int tick = 0; tick < 2; ++tick) {
    float* room = fifo.room();
    ASSERT_NE(room, nullptr);
    for (int i = 0; i < 4; ++i) room[i] = float(4 * tick + i);
    fifo.push();
  }
  EXPECT_EQ(fifo.room(), nullptr);
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(fifo.pop(sample));
    EXPECT_EQ(sample, i);
    EXPECT_EQ(fifo.room() != nullptr, i >= 3);
  }
  EXPECT_EQ(fifo.waiting(), 0u);
}

}  // namespace
}  // namespace nr
