#include "graph/layers.h"

#include "base/error.h"

namespace nr {
namespace {

void add_cost(const Graph& graph, const Node& n, LayerCost& out) {
  if (n.op == NR_BATCH_NORM || n.op == NR_SNAKE) {
    out.parameters = out.training_parameters = (n.op == NR_BATCH_NORM ? 2 : 1) * n.channels;
    return;
  }
  if (n.op == NR_FRAME_FILTER) {
    out.macs_per_sample = n.channels * (n.kernel + double(n.fixed.size()) / n.stride) / n.hop;
    return;
  }
  const Node& x = graph.nodes()[n.in[0]];
  const int64_t weights = int64_t(n.channels) * x.channels / n.groups * n.kernel;
  out.macs_per_sample = double(weights) / (n.op == NR_CONV ? n.hop : x.hop);
  if (!n.fixed.empty()) return;
  const int gains = n.op == NR_CONV ? n.channels : x.channels;  // of a weight norm
  out.parameters = weights + (n.bias ? n.channels : 0);
  out.training_parameters = out.parameters + (n.weight_norm ? gains : 0);
}

std::string shape_of(const Graph& graph, const Node& n) {
  std::string out = text(graph.nodes()[n.in[0]].channels, " → ", n.channels);
  if (n.op == NR_BATCH_NORM || n.op == NR_SNAKE) return out;
  out += text(", kernel ", n.kernel);
  if (n.stride > 1) out += text(", stride ", n.stride);
  if (n.dilation > 1) out += text(", dilation ", n.dilation);
  if (n.groups > 1) out += text(", groups ", n.groups);
  if (n.lookahead > 0) out += text(", look-ahead ", n.lookahead);
  return out + (n.op != NR_FRAME_FILTER && !n.fixed.empty() ? ", fixed weights" : "");
}

const char* operation_of(const Node& n) {
  switch (n.op) {
    case NR_CONV: return "convolution";
    case NR_CONV_TRANSPOSE: return "transposed convolution";
    case NR_BATCH_NORM: return "batch norm";
    case NR_SNAKE: return "snake";
    case NR_FRAME_FILTER: return "noise or pulses, filtered";
    default: return "";
  }
}

}  // namespace

std::vector<LayerCost> layers(const Graph& graph) {
  std::vector<LayerCost> out;
  for (const Node& n : graph.nodes()) {
    if (!*operation_of(n)) continue;
    out.push_back({n.name, operation_of(n), shape_of(graph, n), n.hop});
    add_cost(graph, n, out.back());
  }
  return out;
}

}  // namespace nr
