#include "engine/workers.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/random.h"
#include "engine/engine.h"
#include "support/allocation.h"
#include "support/instruction_sets.h"
#include "support/real_time.h"

namespace nr {
namespace {

TEST(Workers, DoEveryPieceOnceAndAllBeforeRunReturns) {
  for (const int helpers : {0, 1, 3}) {
    Workers workers(helpers);
    std::vector<int> times(64);  // of one piece each: a second time at once would be a race that sanitizers see
    for (int round = 0; round < 20000; ++round) {
      const int pieces = 1 + round % 64;
      workers.run(pieces, [&](int piece) { times.at(size_t(piece)) += 1; });
      for (int piece = 0; piece < pieces; ++piece) ASSERT_EQ(times[size_t(piece)], 1) << helpers << ", " << piece;
      times.assign(64, 0);
    }
  }
}

TEST(Workers, HelpAgainAfterALongPause) {
  Workers workers(1);
  const auto helper_takes_part = [&] {
    const std::thread::id here = std::this_thread::get_id();
    for (int round = 0; round < 2000; ++round) {
      std::atomic<bool> helped{false};
      workers.run(2, [&](int) {
        if (std::this_thread::get_id() != here) helped = true;
        std::this_thread::sleep_for(std::chrono::microseconds(200));  // time for the other one to begin
      });
      if (helped) return true;
    }
    return false;
  };
  EXPECT_TRUE(helper_takes_part());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // looks every 5 ms by now
  EXPECT_TRUE(helper_takes_part());
}

// Random weights of an odd number of outputs: over many panels, or one panel and many rows.
struct LargeConvolution {
  nr_node node{};
  std::vector<int64_t> weights, numbers;
  int elements;
  LargeConvolution(int channels, int inputs, int rows, int bits) : elements(rows * (inputs + channels)) {
    node.op = NR_CONV, node.weight_bits = uint8_t(bits);
    node.channels = channels, node.rows = rows, node.runs = 1, node.run = inputs;
    node.run_step = node.row_step = inputs, node.a = {0, inputs}, node.y = {rows * inputs, channels};
    const size_t outputs = size_t(channels + 3) / 4 * 4;
    Random random(7);
    weights.resize(outputs * size_t(inputs) * size_t(bits) / 64 + 1), numbers.resize(outputs);
    if (bits == 32)
      fill_floats(weights, random);
    else
      for (int64_t& x : weights) x = int64_t(random());
    if (bits == 32)
      fill_floats(numbers, random);
    else
      for (int64_t& x : numbers) x = int64_t(random() & 0x001fffff001fffff);  // two positive factors of 21 bits
    node.weights = weights.data(), node.bias = node.multiplier = reinterpret_cast<const int32_t*>(numbers.data());
  }
  static void fill_floats(std::vector<int64_t>& to, Random& random) {
    for (int64_t& x : to) {
      const float pair[] = {float(random.uniform(-1, 1)), float(random.uniform(-1, 1))};
      std::memcpy(&x, pair, sizeof x);
    }
  }
  std::vector<char> arena() const {
    Random random(8);
    std::vector<char> out(size_t(elements) * (node.weight_bits == 32 ? 4 : 2));
    for (int i = 0; i < node.rows * node.run; ++i) {
      const float x = float(random.uniform(-1, 1));
      const int16_t n = int16_t(x * 3000);
      node.weight_bits == 32 ? std::memcpy(&out[size_t(i) * 4], &x, 4) : std::memcpy(&out[size_t(i) * 2], &n, 2);
    }
    return out;
  }
};

TEST(Workers, PiecesOfAConvolutionAreTheWholeToTheBit) {
  int divided = 0;
  const int shapes[][3] = {{1030, 384, 1}, {1030, 96, 6}, {70, 96, 100}, {5, 768, 700}, {16, 8, 4}};
  for (const auto& [channels, inputs, rows] : shapes)
    for (const int bits : {32, 16, 8}) {
      const LargeConvolution large(channels, inputs, rows, bits);
      with_every_instruction_set([&](const std::string& name) {
        std::vector<char> wanted = large.arena();
        for (const int threads : {1, 2, 5}) {
          PackedConvolution packed(large.node, bits != 32, threads);
          Memory weights(packed.bytes());
          packed.pack(weights.data());
          std::vector<char> heard = large.arena();
          for (int piece = packed.pieces(); piece-- > 0;) packed.run(heard.data(), piece);
          if (threads == 1) wanted = heard;
          ASSERT_EQ(heard, wanted) << name << ": " << channels << ", " << bits << " bits, " << threads << " threads";
          if (packed.pieces() > 1) ++divided;
        }
        EXPECT_NE(wanted, large.arena());
      });
    }
  EXPECT_GT(divided, 20);
}

TEST(Workers, AnEngineWithThemPlaysTheSameAndAllocatesNothing) {
  for (const int bits : {32, 16, 8}) {
    const LargeConvolution large(1030, 384, 2, bits);
    const nr_port in{"x", 384, 2, large.node.a, 1e-4f}, out{"y", 1030, 2, large.node.y, 1e-4f};
    nr_program p{};
    p.precision = bits == 32 ? NR_FLOAT32 : bits == 16 ? NR_INT16 : NR_INT8, p.hop = 1, p.arena = large.elements;
    p.n_inputs = p.n_outputs = p.n_nodes = 1, p.inputs = &in, p.outputs = &out, p.nodes = &large.node;
    Engine alone(p), together(p, 3);
    std::vector<float> x(384 * 2), first(1030 * 2), second(1030 * 2);
    const float* from[] = {x.data()};
    float *to_first[] = {first.data()}, *to_second[] = {second.data()};
    Random random(9);
    for (int t = 0; t < 300; ++t) {
      for (float& number : x) number = float(random.uniform(-1, 1));
      alone.tick(from, to_first);
      const int64_t before = allocations();
      together.tick(from, to_second);
      EXPECT_EQ(allocations(), before);
      ASSERT_EQ(first, second) << bits << " bits, tick " << t;
      EXPECT_NE(first[1000], 0);
    }
  }
}

TEST(Workers, RunAllocatesNothingAndCallsNoSystem) {
  Workers workers(2);
  std::atomic<int> sum{0};
  const int64_t before = allocations();
  for (int i = 0; i < 100; ++i) workers.run(8, [&](int piece) { sum += piece; });
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(sum, 2800);
  // The caller's part of it; in the child no worker is left, so it does all of it.
  EXPECT_TRUE(calls_no_system([&] { workers.run(8, [&](int piece) { sum += piece; }); }));
}

}  // namespace
}  // namespace nr
