#include "graph/passes.h"

#include <gmock/gmock.h>

#include "support/errors.h"

namespace nr {
namespace {

Graph two_branches(bool causal) {
  Graph g;
  const Wire x = g.input("x", 4, 2);
  const Wire slow = g.conv("slow", x, ConvSpec(4, 9).causal_if(causal));
  const Wire fast = g.conv("fast", x, ConvSpec(4, 3).causal_if(causal));
  g.output("sum", g.add(slow, fast));
  g.output("fast", fast);
  return g;
}

TEST(Align, LeavesACausalGraphAsItIs) {
  std::map<std::string, int> latency;
  EXPECT_EQ(align(two_branches(true), &latency).hash(), two_branches(true).hash());
  EXPECT_EQ(latency["sum"], 0);
}

TEST(Align, DelaysTheFasterBranchAndReportsSamples) {
  std::map<std::string, int> latency;
  const Graph streamed = align(two_branches(false), &latency);
  int delays = 0;
  for (const Node& n : streamed.nodes()) {
    EXPECT_EQ(n.lookahead, 0);
    if (n.op != NR_DELAY) continue;
    ++delays;
    EXPECT_EQ(n.frames, 3);
  }
  EXPECT_EQ(delays, 1);
  EXPECT_EQ(latency["sum"], 4 * 2);
  EXPECT_EQ(latency["fast"], 1 * 2);
}

TEST(Prune, DropsWhatAnOutputDoesNotNeed) {
  const Graph pruned = prune(two_branches(true), {"fast"});
  EXPECT_EQ(pruned.nodes().size(), 2u);
  EXPECT_EQ(pruned.outputs().size(), 1u);
  EXPECT_EQ(pruned.out("fast").name, "fast");
}

TEST(Measure, CountsParametersMacsAndReceptiveField) {
  Graph g;
  const Wire x = g.input("x", 2, 1);
  const Wire y = g.conv("down", x, ConvSpec(3, 5).strided(2));
  g.output("y", g.conv_transpose("up", y, ConvSpec(1, 4).strided(2)));
  const Measure m = measure(g);
  EXPECT_EQ(m.parameters, (2 * 3 * 5 + 3) + (3 * 1 * 4 + 1));
  EXPECT_EQ(m.macs_per_sample, 2 * 3 * 5 / 2.0 + 3 * 4 / 2.0);
  EXPECT_EQ(m.hop, 2);
  EXPECT_EQ(m.receptive_field, 1 + 4 + 1 * 2);
}

// Amplitudes (two bins a channel) that look ahead by one of their frames, which is four frames of noise.
Graph shaped_noise(bool causal) {
  Graph g;
  const Wire x = g.input("x", 6, 8);
  const Wire amplitudes = g.conv("spectra", x, ConvSpec(6, 3).causal_if(causal));
  g.output("y", g.frame_filter("filter", amplitudes, g.input("noise", 3, 2), {0.5f, 0, 0, 0.5f}));
  return g;
}

TEST(Align, DelaysTheNoiseByWhatItsFiltersWait) {
  std::map<std::string, int> latency;
  const Graph streamed = align(shaped_noise(false), &latency);
  EXPECT_EQ(latency["y"], 8);
  const Node& filter = streamed.out("y");
  EXPECT_EQ(streamed.nodes()[filter.in[0]].op, NR_CONV);
  EXPECT_EQ(streamed.nodes()[filter.in[1]].op, NR_DELAY);
  EXPECT_EQ(streamed.nodes()[filter.in[1]].frames, 4);
  EXPECT_EQ(align(shaped_noise(true), &latency).hash(), shaped_noise(true).hash());
}

TEST(Measure, CountsAFrameFiltersTapsAndSpectraAndASnakesChannels) {
  Graph g = shaped_noise(true);
  EXPECT_EQ(measure(g).macs_per_sample, 6 * 6 * 3 / 8.0 + 3 * 2 / 2.0 + 3 * 2 * 2 / 8.0);
  const int64_t before = measure(g).parameters;
  g.output("z", g.snake("s", g.input("w", 5, 2)));
  EXPECT_EQ(measure(g).parameters, before + 5);
}

TEST(Measure, FindsNothingToPayForInAnAdainSlot) {
  const auto network = [](bool slot) {
    Graph g;
    const Wire x = g.conv("c", g.input("x", 2, 1), ConvSpec(3, 5).strided(2).causal_if(false));
    g.output("y", slot ? g.adain("s", x) : x);
    return g;
  };
  const Measure with = measure(network(true)), without = measure(network(false));
  EXPECT_EQ(with.parameters, without.parameters);
  EXPECT_EQ(with.training_parameters, without.training_parameters);
  EXPECT_EQ(with.macs_per_sample, without.macs_per_sample);
  EXPECT_EQ(with.receptive_field, without.receptive_field);
  EXPECT_EQ(with.latency, without.latency);
  EXPECT_EQ(align(network(true)).out("y").name, "s");
}

TEST(Graph, RefusesFrameFiltersWhoseSizesDisagree) {
  Graph g;
  const Wire amplitudes = g.input("a", 6, 8), noise = g.input("noise", 3, 2);
  EXPECT_EQ(error_of([&] { g.frame_filter("f", g.input("b", 4, 8), noise, {1, 1}); }),
            "graph node 'f': 4 amplitudes are not shared evenly by 3 channels");
  EXPECT_EQ(error_of([&] { g.frame_filter("f", noise, g.input("n", 3, 8), {1}); }),
            "graph node 'f': a hop of 8 does not divide the filters' 2");
  EXPECT_EQ(error_of([&] { g.frame_filter("f", amplitudes, noise, {1, 1, 1}); }),
            "graph node 'f': 3 responses for 2 bins: expected 1 to 63 a bin");
  EXPECT_EQ(error_of([&] { g.frame_filter("f", amplitudes, noise, {1, 1}); }),
            "graph node 'f': the responses at tap 0 add up to 2: expected at most 1");
}

TEST(Graph, RefusesWiresThatDoNotFitWithTheNodesName) {
  Graph g;
  const Wire x = g.input("x", 4, 2), slow = g.conv("down", x, ConvSpec(4, 4).strided(2));
  EXPECT_EQ(error_of([&] { g.add(x, slow); }), "graph node 'down': has a hop of 4 but joins 'x' with 2");
  EXPECT_EQ(error_of([&] { g.conv_transpose("up", x, ConvSpec(4, 4).strided(4)); }),
            "graph node 'up': stride 4 does not divide the hop of 2 samples");
  EXPECT_EQ(error_of([&] { g.slice(x, 3, 2); }), "graph node 'x': has 4 channels; cannot take 2 from 3");
  EXPECT_EQ(error_of([&] { g.out("z"); }), "the graph has no output named 'z'");
}

TEST(Graph, RefusesStridesWhoseHopNoIntHolds) {
  Graph g;
  const Wire x = g.conv("first", g.input("x", 1, 1), ConvSpec(1, 1).strided(1 << 24));
  EXPECT_EQ(error_of([&] { g.conv("second", x, ConvSpec(1, 1).strided(256)); }),
            "graph node 'second': stride 256 makes a hop of 4294967296 samples: expected at most 16777216");
}

TEST(Graph, ConvolutionsAreWhatTheirSpecSays) {
  Graph g;
  const Wire x = g.input("x", 4, 8);
  const Node n =
      g[g.conv("c", x, ConvSpec(6, 5).strided(2).dilated(3).grouped(2).causal_if(false).bias_from(-5).weight_normed())];
  EXPECT_EQ(n.channels, 6);
  EXPECT_EQ(n.kernel, 5);
  EXPECT_EQ(n.stride, 2);
  EXPECT_EQ(n.dilation, 3);
  EXPECT_EQ(n.groups, 2);
  EXPECT_EQ(n.hop, 16);
  EXPECT_EQ(n.lookahead, 4 * 3 / 2 - 1);
  EXPECT_TRUE(n.bias);
  EXPECT_TRUE(n.weight_norm);
  EXPECT_EQ(n.bias_start, -5);
  const Node plain = g[g.conv("d", x, ConvSpec(1, 1).without_bias().with_weights({1, 2, 3, 4}))];
  EXPECT_FALSE(plain.bias);
  EXPECT_FALSE(plain.weight_norm);
  EXPECT_EQ(plain.lookahead, 0);
  EXPECT_EQ(plain.fixed, (std::vector<float>{1, 2, 3, 4}));
}

TEST(Graph, HashTellsEveryDifferenceOfShape) {
  const Graph a = two_branches(true), b = two_branches(false);
  EXPECT_NE(a.hash(), b.hash());
  EXPECT_EQ(a.hash(), two_branches(true).hash());
}

}  // namespace
}  // namespace nr
