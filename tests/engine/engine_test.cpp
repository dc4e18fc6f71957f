// The engine against the boards' stream: the same bits of integer programs, the same numbers of float ones.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <mutex>

#include "base/error.h"
#include "base/random.h"
#include "export/runtime/kernels.h"
#include "export/runtime/stream.h"
#include "program/file.h"
#include "program/toy_program.h"
#include "support/allocation.h"
#include "support/instruction_sets.h"
#include "support/real_time.h"

namespace nr {
namespace {

constexpr nr_precision kPrecisions[] = {NR_FLOAT32, NR_INT16, NR_INT8};

// Inputs and outputs of one tick; the noise is the program's own.
struct Blocks {
  const nr_program& p;
  std::vector<std::vector<float>> in, out;
  std::vector<const float*> from;
  std::vector<float*> to;
  explicit Blocks(const nr_program& program) : p(program), in(p.n_inputs), out(p.n_outputs) {
    for (int i = 0; i < p.n_inputs; ++i) {
      in[i].resize(size_t(p.inputs[i].channels) * p.inputs[i].frames);
      from.push_back(p.inputs[i].name == std::string("noise") ? nullptr : in[i].data());
    }
    for (int i = 0; i < p.n_outputs; ++i) {
      out[i].resize(size_t(p.outputs[i].channels) * p.outputs[i].frames);
      to.push_back(out[i].data());
    }
  }
  void draw(Random& random) {
    for (auto& block : in)
      for (float& x : block) x = float(random.uniform(-1, 1));
  }
};

template <class Runner>
std::vector<float> played(Runner& runner, const nr_program& p, int ticks) {
  Random random(3);
  Blocks blocks(p);
  std::vector<float> all;
  for (int t = 0; t < ticks; ++t) {
    blocks.draw(random);
    runner.tick(blocks.from.data(), blocks.to.data());
    for (const auto& block : blocks.out) all.insert(all.end(), block.begin(), block.end());
  }
  return all;
}

std::vector<float> streamed(const nr_program& p, int ticks) {
  std::vector<int64_t> arena(Stream::arena_bytes(p) / 8 + 1);
  Stream stream(p, arena.data());
  return played(stream, p, ticks);
}

TEST(Engine, PlaysEveryOperationAsTheStreamDoes) {
  for (const nr_precision precision : kPrecisions) {
    const ToyProgram toy(precision);
    const nr_program& p = *toy.model().program;
    const std::vector<float> wanted = streamed(p, 12);
    with_every_instruction_set([&](const std::string& name) {
      Engine engine(p);
      const std::vector<float> heard = played(engine, p, 12);
      ASSERT_EQ(heard.size(), wanted.size());
      for (size_t i = 0; i < wanted.size(); ++i)
        ASSERT_NEAR(heard[i], wanted[i], precision == NR_FLOAT32 ? 1e-5 * std::max(1.f, std::fabs(wanted[i])) : 0)
            << name << ", precision " << precision << ", number " << i;
    });
  }
}

TEST(Engine, StartsAnewAfterAReset) {
  for (const nr_precision precision : kPrecisions) {
    const ToyProgram toy(precision);
    const nr_program& p = *toy.model().program;
    Engine engine(p);
    const std::vector<float> first = played(engine, p, 5), second = played(engine, p, 5);
    EXPECT_NE(first, second);
    engine.reset();
    EXPECT_EQ(played(engine, p, 5), first);
  }
}

TEST(RealTime, SeesASystemCallAndALock) {
  std::mutex mutex;
  const int64_t before = mutexes_locked();
  mutex.lock(), mutex.unlock();
  EXPECT_EQ(mutexes_locked(), before + 1);
  if (!calls_no_system([] {}, false)) GTEST_SKIP() << "the kernel does not watch system calls";
  EXPECT_FALSE(calls_no_system([] { getppid(); }));
}

TEST(Engine, NeverAllocatesLocksOrCallsTheSystemInATick) {
  for (const nr_precision precision : kPrecisions) {
    const ToyProgram toy(precision);
    const nr_program& p = *toy.model().program;
    Engine engine(p);
    Blocks blocks(p);
    const int64_t allocated = allocations(), locked = mutexes_locked();
    const auto play = [&] {
      for (int t = 0; t < 20; ++t) engine.tick(blocks.from.data(), blocks.to.data());
    };
    play();
    EXPECT_EQ(allocations(), allocated);
    EXPECT_EQ(mutexes_locked(), locked);
    EXPECT_TRUE(calls_no_system(play));
  }
}

TEST(Engine, SaysWhichNodeHasRun) {
  const ToyProgram toy(NR_FLOAT32);
  const nr_program& p = *toy.model().program;
  Engine engine(p);
  std::vector<int> seen;
  engine.watch([&](int node) { seen.push_back(node); });
  played(engine, p, 1);
  ASSERT_EQ(int(seen.size()), p.n_nodes);
  for (int i = 0; i < p.n_nodes; ++i) EXPECT_EQ(seen[i], i);
}

// Whatever a reader lets through: that every access lies within the arena is what the sanitizers see.
TEST(Engine, RunsDamagedProgramsThatAReaderTakes) {
  Random random(11);
  int taken = 0;
  for (int i = 0; i < 3000; ++i) {
    ToyProgram toy(kPrecisions[i % 3]);
    std::vector<nr_node>& nodes = toy.nodes();
    nr_node& n = nodes[size_t(random.uniform(0, double(nodes.size())))];
    int32_t* const fields[] = {&n.rows, &n.channels, &n.a.at,     &n.a.pitch,    &n.b.at,
                               &n.b.pitch, &n.y.at,  &n.y.pitch,  &n.b_channels, &n.late,
                               &n.runs, &n.run,      &n.run_step, &n.row_step,   &n.factor};
    int32_t& field = *fields[size_t(random.uniform(0, 15))];
    field = int32_t(random.uniform(0, 1) < 0.5 ? field + random.uniform(-3, 4) : random.uniform(-2e5, 2e5));
    std::unique_ptr<ProgramFile> file;
    try {
      file = std::make_unique<ProgramFile>(program_bytes(toy.model()), "damaged");
    } catch (const Error&) {
      continue;
    }
    ++taken;
    const nr_program& p = *file->model().program;
    with_every_instruction_set([&](const std::string&) {
      Engine engine(p);
      played(engine, p, 2);
    });
  }
  EXPECT_GT(taken, 300);
}

// One convolution of random weights; T: float, or int16 with weights of `bits` bits.
struct OneConvolution {
  std::vector<float> float_weights, float_bias;
  std::vector<int8_t> bytes;
  std::vector<int16_t> shorts;
  std::vector<int32_t> bias, multiplier;
  nr_node node{};
  int arena;

  OneConvolution(int rows, int channels, int runs, int run, int pitch, int bits) {
    Random random(uint64_t(rows) * 1000 + channels);
    const int padded = (channels + 3) / 4 * 4, inputs = runs * run;
    const auto any = [&](double size) { return random.uniform(-size, size); };
    for (int i = 0; i < padded * inputs; ++i) {
      float_weights.push_back(float(any(1 / std::sqrt(inputs))));
      bytes.push_back(int8_t(any(128))), shorts.push_back(int16_t(any(300)));
    }
    for (int i = 0; i < padded; ++i) {
      float_bias.push_back(float(any(1)));
      bias.push_back(int32_t(any(1e6))), multiplier.push_back(int32_t(any(bits == 8 ? 1e6 : 3e5)));
    }
    node.op = NR_CONV, node.weight_bits = uint8_t(bits), node.rows = rows, node.channels = channels;
    node.runs = runs, node.run = run, node.run_step = 2 * pitch, node.row_step = pitch;
    node.a = node.b = {0, pitch}, node.y = {(rows + 2 * runs) * pitch + run, channels + 1};
    arena = node.y.at + rows * node.y.pitch;
    node.bias = bits == 32 ? static_cast<const void*>(float_bias.data()) : bias.data();
    node.multiplier = multiplier.data();
    node.weights = bits == 32  ? static_cast<const void*>(float_weights.data())
                   : bits == 8 ? static_cast<const void*>(bytes.data())
                               : shorts.data();
  }
};

template <class T>
void compare(const OneConvolution& c, double error, const std::string& name) {
  Random random(8);
  std::vector<T> wanted(c.arena);
  for (T& x : wanted) x = T(random.uniform(-1, 1) * (error > 0 ? 1 : 32767));
  std::vector<T> heard = wanted;
  run_node(c.node, wanted.data());
  PackedConvolution packed(c.node, error == 0);
  Memory memory(packed.bytes());
  packed.pack(memory.data());
  packed.run(heard.data(), 0);
  for (int i = 0; i < c.arena; ++i)  // what lies between the rows stays as it was
    ASSERT_NEAR(heard[i], wanted[i], error * std::max(1.0, std::fabs(double(wanted[i]))))
        << name << ", " << c.node.rows << " rows, " << c.node.channels << " channels, element " << i;
}

TEST(PackedConvolution, OfAnyNumberOfRowsAndOfChannelsIsTheStreams) {
  with_every_instruction_set([&](const std::string& name) {
    for (const int rows : {1, 2, 3, 4, 5, 7, 11, 13, 32})
      for (const int channels : {1, 2, 3, 5, 16, 17, 31, 48, 65, 130}) {
        compare<float>({rows, channels, 3, 5, 7, 32}, 1e-5, name);
        compare<float>({rows, channels, 1, 40, 9, 32}, 1e-5, name);
        for (const int bits : {8, 16}) {
          compare<int16_t>({rows, channels, 3, 8, 8, bits}, 0, name);
          compare<int16_t>({rows, channels, 1, 36, 1, bits}, 0, name);
        }
      }
  });
}

// y = a + b of one number.
TEST(Engine, TakesNumbersBelowTheSmallestNormalOneForZero) {
  nr_node add{};
  add.op = NR_ADD, add.rows = add.channels = 1, add.a = {0, 1}, add.b = {0, 1}, add.y = {1, 1};
  const nr_port in{"x", 1, 1, {0, 1}, 1}, out{"y", 1, 1, {1, 1}, 1};
  const nr_program p{1, NR_FLOAT32, 1, 0, 2, 1, 1, 1, 0, &in, &out, &add, nullptr};
  Engine engine(p);
  for (const float x : {1e-39f, 1e-30f}) {
    float y;
    const float* const from[] = {&x};
    float* const to[] = {&y};
    engine.tick(from, to);
    EXPECT_EQ(y, x < std::numeric_limits<float>::min() ? 0 : 2 * x);
  }
}

TEST(Engine, LeavesTheThreadsArithmeticAsItWas) {
  const ToyProgram toy(NR_FLOAT32);
  const nr_program& p = *toy.model().program;
  Engine engine(p);
  played(engine, p, 2);
  volatile float least = std::numeric_limits<float>::min();
  EXPECT_GT(least / 2, 0.f);
}

TEST(Engine, OfInputsThatAreNoNumbersPlaysOnWhenTheyHavePassed) {
  for (const nr_precision precision : kPrecisions)
    for (const float bad : {std::nanf(""), INFINITY, -INFINITY}) {
      const ToyProgram toy(precision);
      const nr_program& p = *toy.model().program;
      Engine engine(p), undisturbed(p);
      Blocks blocks(p), calm(p);
      for (auto& block : blocks.in) block.assign(block.size(), bad);
      engine.tick(blocks.from.data(), blocks.to.data());
      undisturbed.tick(calm.from.data(), calm.to.data());
      for (int t = 0; t < 3; ++t) {  // more than the program remembers
        engine.tick(calm.from.data(), blocks.to.data());
        undisturbed.tick(calm.from.data(), calm.to.data());
      }
      EXPECT_EQ(blocks.out, calm.out) << precision << ", " << bad;
    }
}

}  // namespace
}  // namespace nr
