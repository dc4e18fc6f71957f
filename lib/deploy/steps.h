// Graph + weights -> the steps a stream executes: transposed convolutions become convolutions, batch norms and AdaIN
// slots fold into them, groups become steps of their own, slices and delays become views. Memory and number formats
// come later (plan.h, quantise.h).
#pragma once
#include <string>
#include <vector>

#include "deploy/weights.h"
#include "graph/graph.h"

namespace nr {

// Memory a step writes: `rows` of `channels` a tick, after `history` rows of the past.
struct Store {
  std::string name;
  int channels = 0, rows = 0, history = 0;
  int first = 0, last = 0;  // steps between which it must not be overwritten; an input's first is -1
  int late = 0;             // rows before the signal's start, by the look-ahead paid upstream
  int pitch = 0, at = 0;    // set by plan()
};

// A wire as its reader sees it: some channels of a store, some rows ago.
struct View {
  int store = -1;
  int channel = 0, delay = 0;
};

// Weights as [outputs][taps][channels]: output row t reads rows t * stride + stride - 1 - (taps - 1 - k) * dilation.
struct Filter {
  int outputs = 0, taps = 0, channels = 0, stride = 1, dilation = 1;
  int phases = 1;  // outputs of one row that are rows of the store (a transposed convolution's stride)
  bool fixed = false;
  std::vector<double> weight{}, bias{};
};

struct Step {
  Op op;
  std::string name;
  View a{}, b{};
  int y = -1;         // store
  int y_channel = 0;  // where a group's outputs begin
  int b_channels = 0;
  double slope = 0;
  int rate = 0;  // pulses: Hz
  // Of a convolution. frame_filter: weight [bins as channels][taps], rows a filter as stride. snake: weight a, bias
  // 1 / a.
  Filter filter{};
};

struct StepPort {
  std::string name;
  View view;
  int channels = 0, rows = 0;
};

struct Steps {
  std::vector<Store> stores;
  std::vector<Step> steps;
  std::vector<StepPort> inputs, outputs;
  uint64_t graph_hash = 0;
  int hop = 1;       // audio samples a tick
  int latency = 0;   // samples
  int64_t macs = 0;  // a tick
};

// One tick is `frames` frames of the slowest wire. Error names the node that cannot be lowered, or whose weights are
// missing.
Steps make_steps(const Graph& graph, const Weights& weights, const std::vector<std::string>& outputs, int frames = 1);

}  // namespace nr
