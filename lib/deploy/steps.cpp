#include "deploy/steps.h"

#include <algorithm>

#include "base/error.h"
#include "deploy/filter.h"
#include "graph/passes.h"

namespace nr {
namespace {

// By node name, as the unaligned graph has it: how late a convolution makes its output.
std::map<std::string, int> look_aheads(const Graph& graph) {
  std::map<std::string, int> out;
  for (const Node& n : graph.nodes())
    if (n.lookahead) out[n.name] = n.lookahead;
  return out;
}

struct Maker {
  const Graph& graph;  // aligned
  const Weights& weights;
  const std::map<std::string, int> ahead;
  Steps out;
  int longest;                  // samples a tick
  std::vector<View> views;      // by node
  std::vector<int> late, uses;  // by node: rows; consumers, outputs included

  int store_of(size_t i, int channels) {
    const Node& n = graph.nodes()[i];
    Store s;
    s.name = n.name, s.channels = channels, s.rows = longest / n.hop, s.late = late[i];
    s.first = s.last = int(out.steps.size());
    out.stores.push_back(s);
    return int(out.stores.size()) - 1;
  }

  View read(int node, int history) {
    const View v = views[node];
    Store& s = out.stores[v.store];
    s.history = std::max(s.history, v.delay + history);
    s.last = std::max(s.last, int(out.steps.size()));
    return v;
  }

  const NodeWeights& weights_of(const Node& n) const {
    const auto found = weights.find(n.name);
    if (found == weights.end()) fail("graph node '", n.name, "': its weights are missing");
    return found->second;
  }

  // The slices of node i, where nothing else reads it and no channel is in two of them.
  std::vector<int> slices_of(int i) const {
    const std::vector<Node>& nodes = graph.nodes();
    std::vector<int> slices;
    for (int j = i + 1; j < int(nodes.size()); ++j)
      if (nodes[j].op == NR_SLICE && nodes[j].in[0] == i) slices.push_back(j);
    if (int(slices.size()) != uses[i]) return {};
    std::sort(slices.begin(), slices.end(), [&](int a, int b) { return nodes[a].offset < nodes[b].offset; });
    for (size_t k = 1; k < slices.size(); ++k)
      if (nodes[slices[k]].offset < nodes[slices[k - 1]].offset + nodes[slices[k - 1]].channels) return {};
    return slices;
  }

  // A convolution that is only sliced becomes one for each slice: each has a store, so a scale, of its own, and what no
  // slice holds is not computed.
  void convolve(size_t i, const Node& n) {
    std::vector<Filter> filters = make_filters(n, graph.nodes()[n.in[0]].channels, weights_of(n));
    const std::vector<int> slices = n.groups == 1 ? slices_of(int(i)) : std::vector<int>{};
    for (const int j : slices) {
      const Node& slice = graph.nodes()[j];
      views[j] = {store_of(i, slice.channels)};
      emit(n, views[j].store, {outputs_of(filters[0], slice.offset, slice.channels)});
    }
    if (!slices.empty()) return;
    views[i] = {store_of(i, n.channels)};
    emit(n, views[i].store, std::move(filters));
  }

  void emit(const Node& n, int y, std::vector<Filter> filters) {
    int group = 0;
    for (Filter& f : filters) {
      Step step{n.op, n.name};
      const int history = (f.taps - 1) * f.dilation - (f.stride - 1);
      step.op = NR_CONV;
      step.a = read(n.in[0], history), step.a.channel += group * f.channels;
      step.b = step.a, step.y = y, step.y_channel = group * f.outputs;
      out.macs += int64_t(out.stores[y].rows / f.phases) * f.outputs * f.taps * f.channels;
      step.filter = std::move(f);
      out.steps.push_back(std::move(step));
      ++group;
    }
    out.stores[y].last = int(out.steps.size());
  }

  void fold(size_t i, const Node& n) {
    const int source = n.in[0];
    const Node& x = graph.nodes()[source];
    if ((x.op != NR_CONV && x.op != NR_CONV_TRANSPOSE) || uses[source] != 1)
      fail("graph node '", n.name, "': ", n.op == NR_ADAIN ? "an AdaIN slot" : "a batch norm",
           " folds only into a convolution that nothing else reads, not into '", x.name, "'");
    for (Step& step : out.steps)
      if (step.y == views[source].store) fold_norm(weights_of(n), step.y_channel, step.filter);
    views[i] = views[source];
  }

  void pointwise(size_t i, const Node& n) {
    Step step{n.op, n.name};
    step.a = read(n.in[0], 0);
    step.b = n.in.size() > 1 ? read(n.in[1], 0) : step.a;
    step.b_channels = n.in.size() > 1 ? graph.nodes()[n.in[1]].channels : n.channels;
    step.slope = n.slope;
    step.y = store_of(i, n.channels);
    views[i] = {step.y};
    out.steps.push_back(std::move(step));
  }

  void shape_noise(size_t i, const Node& n) {
    Step step{n.op, n.name};
    step.a = read(n.in[0], 0), step.b = read(n.in[1], n.kernel - 1);
    step.filter = {n.channels, n.kernel, int(n.fixed.size()) / n.kernel,   n.stride, 1,
                   1,          true,     {n.fixed.begin(), n.fixed.end()}, {}};
    step.y = store_of(i, n.channels);
    views[i] = {step.y};
    const int rows = out.stores[step.y].rows;
    out.macs += int64_t(rows) * n.channels * n.kernel + int64_t(rows / n.stride) * n.channels * int64_t(n.fixed.size());
    out.steps.push_back(std::move(step));
  }

  int lateness(const Node& n) const {
    int rows = 0;
    for (const int source : n.in) rows = std::max(rows, late[source]);
    const auto found = ahead.find(n.name);
    const int extra = found == ahead.end() ? 0 : found->second;
    if (n.op == NR_CONV) return (rows + extra) / n.stride;
    if (n.op == NR_CONV_TRANSPOSE) return rows * n.stride + extra;
    if (n.op == NR_PULSES) return rows * n.stride;
    return n.op == NR_DELAY ? rows + n.frames : rows;
  }

  void make(size_t i) {
    const Node& n = graph.nodes()[i];
    late[i] = lateness(n);
    switch (n.op) {
      case NR_INPUT:
        views[i] = {store_of(i, n.channels)};
        out.stores.back().first = -1;
        out.inputs.push_back({n.name, views[i], n.channels, longest / n.hop});
        break;
      case NR_CONV:
      case NR_CONV_TRANSPOSE:
        convolve(i, n);
        break;
      case NR_BATCH_NORM:
      case NR_ADAIN:
        fold(i, n);
        break;
      case NR_SNAKE: {
        const NodeWeights& w = weights_of(n);
        pointwise(i, n);
        out.steps.back().filter.weight = {w.weight.begin(), w.weight.end()};
        out.steps.back().filter.bias = {w.bias.begin(), w.bias.end()};
        break;
      }
      case NR_PULSES:
        pointwise(i, n);
        out.steps.back().rate = n.rate, out.steps.back().filter.stride = n.stride;
        break;
      case NR_FRAME_FILTER:
        shape_noise(i, n);
        break;
      case NR_LEAKY_RELU:
      case NR_TANH:
      case NR_SIGMOID:
      case NR_MOD_SIGMOID:
      case NR_UNIT_NORM:
      case NR_ADD:
      case NR_MUL:
      case NR_CONCAT:
        pointwise(i, n);
        break;
      case NR_SLICE:
        if (views[i].store >= 0) break;  // it has a convolution of its own
        views[i] = views[n.in[0]];
        views[i].channel += n.offset;
        break;
      case NR_DELAY:
        views[i] = views[n.in[0]];
        views[i].delay += n.frames;
        break;
    }
  }
};

}  // namespace

Steps make_steps(const Graph& graph, const Weights& weights, const std::vector<std::string>& outputs, int frames) {
  const Graph pruned = prune(graph, outputs);
  std::map<std::string, int> latency;
  const Graph aligned = align(pruned, &latency);
  const size_t count = aligned.nodes().size();
  Maker maker{aligned, weights, look_aheads(pruned), {}, aligned.hop() * frames, {}, {}, {}};
  maker.views.resize(count), maker.late.resize(count), maker.uses.resize(count);
  for (const Node& n : aligned.nodes())
    for (const int source : n.in) ++maker.uses[source];
  for (const Port& port : aligned.outputs()) ++maker.uses[port.id];
  for (size_t i = 0; i < count; ++i) maker.make(i);
  Steps& out = maker.out;
  for (const std::string& name : outputs)
    for (const Port& port : aligned.outputs()) {
      if (port.name != name) continue;
      const View view = maker.read(port.id, 0);
      const Node& n = aligned.nodes()[port.id];
      out.outputs.push_back({name, view, n.channels, maker.longest / n.hop});
      out.latency = std::max(out.latency, latency[name]);
    }
  out.graph_hash = pruned.hash(), out.hop = maker.longest;
  return std::move(out);
}

}  // namespace nr
