#include "graph/passes.h"

#include <gmock/gmock.h>

#include "support/errors.h"

namespace nr {
namespace {

Graph two_branches(bool causal) {
  Graph g;
  const Wire x = g.input("x", 4, 2);
  const Wire slow = g.conv("slow", x, {4, 9, 1, 1, 1, causal});
  const Wire fast = g.conv("fast", x, {4, 3, 1, 1, 1, causal});
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

TEST(Measure, CountsParametersMacsAndReach) {
  Graph g;
  const Wire x = g.input("x", 2, 1);
  const Wire y = g.conv("down", x, {3, 5, 2});
  g.output("y", g.conv_transpose("up", y, {1, 4, 2}));
  const Measure m = measure(g);
  EXPECT_EQ(m.parameters, (2 * 3 * 5 + 3) + (3 * 1 * 4 + 1));
  EXPECT_EQ(m.macs_per_sample, 2 * 3 * 5 / 2.0 + 3 * 4 / 2.0);
  EXPECT_EQ(m.hop, 2);
  EXPECT_EQ(m.receptive_field, 1 + 4 + 1 * 2);
}

TEST(Graph, RefusesWiresThatDoNotFitWithTheNodesName) {
  Graph g;
  const Wire x = g.input("x", 4, 2), slow = g.conv("down", x, {4, 4, 2});
  EXPECT_EQ(error_of([&] { g.add(x, slow); }), "graph node 'down': has a hop of 4 but joins 'x' with 2");
  EXPECT_EQ(error_of([&] { g.conv_transpose("up", x, {4, 4, 4}); }), "graph node 'up': stride 4 does not divide the hop of 2 samples");
  EXPECT_EQ(error_of([&] { g.slice(x, 3, 2); }), "graph node 'x': has 4 channels; cannot take 2 from 3");
  EXPECT_EQ(error_of([&] { g.out("z"); }), "the graph has no output named 'z'");
}

TEST(Graph, HashTellsEveryDifferenceOfShape) {
  const Graph a = two_branches(true), b = two_branches(false);
  EXPECT_NE(a.hash(), b.hash());
  EXPECT_EQ(a.hash(), two_branches(true).hash());
}

}  // namespace
}  // namespace nr
