// An exported network in a host, on the engine and on the portable stream: the same samples, in real time.
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>

#include "base/random.h"
#include "deploy/random_network.h"
#include "player.h"
#include "support/allocation.h"
#include "support/instruction_sets.h"
#include "support/real_time.h"

namespace nr {
namespace {

constexpr double kHostRate = 44100;

struct Shipped {
  Shipment shipment;
  ShippedModel shipped;
  explicit Shipped(nr_precision precision, bool whole = true)
      : shipment([&] {
          const ModelGraphs graphs = describe(small_v3(), 2);
          const Graph& graph = whole ? graphs.whole : graphs.decoder;
          return ship(graph, random_weights(graph, 2), precision);
        }()),
        shipped(shipment) {}
  const nr_model& model() const { return shipped.model; }
};

std::vector<float> sound(size_t samples) {
  Random random(5);
  std::vector<float> out(samples);
  for (size_t i = 0; i < samples; ++i)
    out[i] = 0.3f * float(std::sin(0.03 * double(i))) + 0.05f * float(random.normal());
  return out;
}

// In blocks of these sizes, again and again; a control jumps after a third.
std::vector<float> heard(const nr_model& model, MakeTicks make, const std::vector<float>& in,
                         const std::vector<int>& blocks) {
  Player player(model, kHostRate, make);
  std::vector<float> out(in.size());
  const size_t third = in.size() / 3;
  for (size_t at = 0, i = 0; at < in.size(); ++i) {
    size_t count = std::min(size_t(blocks[i % blocks.size()]), in.size() - at);
    if (at < third) count = std::min(count, third - at);
    player.process(in.data() + at, out.data() + at, int(count));
    at += count;
    if (at == third) player.set(1, 3000);
  }
  return out;
}

TEST(HostPlayer, OnTheEngineGivesTheBitsOfTheStreamInIntegers) {
  const std::vector<float> in = sound(30000);
  for (const bool whole : {true, false})
    for (const nr_precision precision : {NR_INT16, NR_INT8}) {
      const Shipped shipped(precision, whole);
      const std::vector<float> wanted = heard(shipped.model(), on_stream, in, {512});
      EXPECT_GT(*std::max_element(wanted.begin(), wanted.end()), 0.01f);
      with_every_instruction_set([&](const std::string& name) {
        EXPECT_EQ(heard(shipped.model(), on_engine, in, {512}), wanted) << name << ", " << precision;
      });
    }
}

TEST(HostPlayer, OnTheEngineGivesTheStreamsNumbersInFloats) {
  const std::vector<float> in = sound(30000);
  const Shipped shipped(NR_FLOAT32);
  const std::vector<float> wanted = heard(shipped.model(), on_stream, in, {512});
  with_every_instruction_set([&](const std::string& name) {
    const std::vector<float> found = heard(shipped.model(), on_engine, in, {512});
    for (size_t i = 0; i < in.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 1e-4) << name << ", " << i;
  });
}

TEST(HostPlayer, TakesBlocksOfAnySizeThatChange) {
  const std::vector<float> in = sound(40000);
  for (const nr_precision precision : {NR_FLOAT32, NR_INT8}) {
    const Shipped shipped(precision);
    const std::vector<float> wanted = heard(shipped.model(), on_engine, in, {64});
    for (const std::vector<int>& blocks : {std::vector<int>{1}, {8192}, {1, 8192, 7, 64, 333, 2048, 2}})
      EXPECT_EQ(heard(shipped.model(), on_engine, in, blocks), wanted);
  }
}

TEST(HostPlayer, OnTheEngineTakesNoMemoryCallsNoSystemAndLocksNothingWhilePlaying) {
  const std::vector<float> in = sound(20000);
  std::vector<float> out(in.size());
  for (const nr_precision precision : {NR_FLOAT32, NR_INT8}) {
    const Shipped shipped(precision);
    Player player(shipped.model(), kHostRate, on_engine);
    const int64_t before = allocations(), locked = mutexes_locked();
    const auto play = [&] {
      player.process(in.data(), out.data(), int(in.size()));
      player.set(0, -20), player.voice().note_on(60, 100), player.voice().bend(300);
      player.process(nullptr, out.data(), int(out.size()));
      player.reset();
    };
    play();
    EXPECT_EQ(allocations(), before);
    EXPECT_EQ(mutexes_locked(), locked);
    EXPECT_TRUE(calls_no_system(play));
  }
}

TEST(HostPlayer, OnTheEngineHearsWhatIsNoNumberAsSilenceAndRecovers) {
  std::vector<float> bad = sound(30000), silent = bad;
  for (int i = 5000; i < 9000; ++i) bad[i] = i % 2 ? std::nanf("") : INFINITY, silent[i] = 0;
  for (const nr_precision precision : {NR_FLOAT32, NR_INT8}) {
    const Shipped shipped(precision);
    const std::vector<float> found = heard(shipped.model(), on_engine, bad, {128});
    EXPECT_EQ(found, heard(shipped.model(), on_engine, silent, {128}));
    for (const float x : found) ASSERT_TRUE(std::isfinite(x));
  }
}

// The steepest step from a sample to the next, from the second half second on; the control jumps after a second.
float steepest(const nr_model& model, MakeTicks make, float before, float after) {
  Player player(model, kHostRate, make);
  std::vector<float> tone(size_t(2 * kHostRate)), out(tone.size());
  for (size_t i = 0; i < tone.size(); ++i) tone[i] = 0.3f * float(std::sin(0.03 * double(i)));
  const size_t half = tone.size() / 2;
  player.set(1, before);
  player.process(tone.data(), out.data(), int(half));
  player.set(1, after);
  player.process(tone.data() + half, out.data() + half, int(half));
  float most = 0;
  for (size_t i = half / 2; i + 1 < out.size(); ++i) most = std::max(most, std::fabs(out[i + 1] - out[i]));
  return most;
}

TEST(HostPlayer, ParametersThatJumpDoNotClick) {
  const Shipped shipped(NR_FLOAT32);
  for (const MakeTicks make : {on_stream, on_engine}) {
    const float low = steepest(shipped.model(), make, 200, 200), high = steepest(shipped.model(), make, 4000, 4000);
    EXPECT_LE(steepest(shipped.model(), make, 200, 4000), 1.1f * std::max(low, high));
    EXPECT_LE(steepest(shipped.model(), make, 4000, 200), 1.1f * std::max(low, high));
  }
}

// Processor time of this thread, in seconds.
double processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

TEST(HostPlayer, SilenceAfterASoundCostsNoMoreThanTheSound) {
  const Shipped shipped(NR_FLOAT32);
  for (const MakeTicks make : {on_stream, on_engine}) {
    Player player(shipped.model(), kHostRate, make);
    const std::vector<float> loud = sound(22050);
    std::vector<float> out(loud.size()), faint = loud;
    for (float& x : faint) x *= 1e-38f;  // most are too small to be normal
    const auto cost = [&](const float* in) {
      const double before = processor_time();
      player.process(in, out.data(), int(out.size()));
      return processor_time() - before;
    };
    double sounding = 1e9, silent = 1e9;  // the least of several: the machine may be busy
    for (int i = 0; i < 5; ++i) {
      sounding = std::min(sounding, cost(loud.data()));
      silent = std::min(silent, std::max(cost(faint.data()), cost(nullptr)));
    }
    EXPECT_LT(silent, 1.5 * sounding);
  }
}

}  // namespace
}  // namespace nr
