#include "graph/passes.h"

#include <algorithm>

#include "graph/layers.h"

namespace nr {

Graph align(const Graph& graph, std::map<std::string, int>* latency) {
  Graph out;
  std::vector<Wire> at(graph.nodes().size());
  std::vector<int> late(graph.nodes().size());  // frames of each wire
  const auto wait = [&out](Wire wire, int frames) { return frames > 0 ? out.delay(wire, frames) : wire; };
  for (size_t i = 0; i < at.size(); ++i) {
    const Node& n = graph.nodes()[i];
    const int a = n.in.empty() ? -1 : n.in[0], b = n.in.size() > 1 ? n.in[1] : -1;
    ConvSpec spec(n.channels, n.kernel);
    spec.stride = n.stride, spec.dilation = n.dilation, spec.groups = n.groups, spec.fixed = n.fixed;
    spec.bias = n.bias, spec.weight_norm = n.weight_norm, spec.bias_start = n.bias_start;
    if (a >= 0) late[i] = late[a];
    switch (n.op) {
      case NR_INPUT: at[i] = out.input(n.name, n.channels, n.hop); break;
      case NR_CONV: {  // a strided convolution must start on a frame boundary
        const int due = late[a] + n.lookahead, extra = (n.stride - due % n.stride) % n.stride;
        at[i] = out.conv(n.name, wait(at[a], extra), spec);
        late[i] = (due + extra) / n.stride;
        break;
      }
      case NR_CONV_TRANSPOSE:
        at[i] = out.conv_transpose(n.name, at[a], spec);
        late[i] = late[a] * n.stride + n.lookahead;
        break;
      case NR_ADD:
      case NR_MUL:
      case NR_CONCAT: {
        late[i] = std::max(late[a], late[b]);
        const Wire x = wait(at[a], late[i] - late[a]), y = wait(at[b], late[i] - late[b]);
        at[i] = n.op == NR_ADD ? out.add(x, y) : n.op == NR_MUL ? out.mul(x, y) : out.concat(x, y);
        break;
      }
      case NR_FRAME_FILTER: {  // a frame of amplitudes is `stride` frames of noise
        const int due = std::max(late[a], (late[b] + n.stride - 1) / n.stride);
        const Wire x = wait(at[a], due - late[a]), y = wait(at[b], due * n.stride - late[b]);
        at[i] = out.frame_filter(n.name, x, y, n.fixed);
        late[i] = due * n.stride;
        break;
      }
      case NR_PULSES: {
        const int due = std::max(late[a], late[b]);
        at[i] = out.pulses(n.name, wait(at[a], due - late[a]), wait(at[b], due - late[b]), n.rate);
        late[i] = due * n.stride;
        break;
      }
      case NR_BATCH_NORM: at[i] = out.batch_norm(n.name, at[a]); break;
      case NR_ADAIN: at[i] = out.adain(n.name, at[a]); break;
      case NR_LEAKY_RELU: at[i] = out.leaky_relu(at[a], n.slope); break;
      case NR_TANH: at[i] = out.tanh(at[a]); break;
      case NR_SIGMOID: at[i] = out.sigmoid(at[a]); break;
      case NR_MOD_SIGMOID: at[i] = out.mod_sigmoid(at[a]); break;
      case NR_SNAKE: at[i] = out.snake(n.name, at[a]); break;
      case NR_UNIT_NORM: at[i] = out.unit_norm(at[a]); break;
      case NR_SLICE: at[i] = out.slice(at[a], n.offset, n.channels); break;
      case NR_DELAY: at[i] = out.delay(at[a], n.frames); break;
    }
  }
  for (const Port& port : graph.outputs()) {
    out.output(port.name, at[port.id]);
    if (latency) (*latency)[port.name] = late[port.id] * graph.nodes()[port.id].hop;
  }
  return out;
}

// Friend of Graph: keeps the marked nodes, renumbered, and the named outputs.
Graph copy_nodes(const Graph& graph, const std::vector<bool>& keep, const std::vector<std::string>& outputs) {
  Graph out;
  std::vector<int> at(graph.nodes_.size(), -1);
  for (size_t i = 0; i < at.size(); ++i) {
    if (!keep[i]) continue;
    Node node = graph.nodes_[i];
    for (int& source : node.in) source = at[source];
    at[i] = out.push(std::move(node)).id;
  }
  for (const Port& port : graph.inputs_)
    if (at[port.id] >= 0) out.inputs_.push_back({port.name, at[port.id]});
  for (const Port& port : graph.outputs_)
    if (std::find(outputs.begin(), outputs.end(), port.name) != outputs.end())
      out.outputs_.push_back({port.name, at[port.id]});
  return out;
}

Graph prune(const Graph& graph, const std::vector<std::string>& outputs) {
  std::vector<bool> keep(graph.nodes().size());
  for (const std::string& name : outputs) {
    graph.out(name);  // throws when there is none
    for (const Port& port : graph.outputs())
      if (port.name == name) keep[port.id] = true;
  }
  for (size_t i = keep.size(); i-- > 0;)
    if (keep[i])
      for (const int source : graph.nodes()[i].in) keep[source] = true;
  return copy_nodes(graph, keep, outputs);
}

Measure measure(const Graph& graph) {
  Measure m;
  m.hop = graph.hop();
  for (const LayerCost& layer : layers(graph)) {
    m.parameters += layer.parameters, m.training_parameters += layer.training_parameters;
    m.macs_per_sample += layer.macs_per_sample;
  }
  std::vector<int64_t> field(graph.nodes().size(), 1);
  for (size_t i = 0; i < field.size(); ++i) {
    const Node& n = graph.nodes()[i];
    for (const int source : n.in) field[i] = std::max(field[i], field[source]);
    if (n.op != NR_CONV && n.op != NR_CONV_TRANSPOSE) continue;
    field[i] += int64_t(n.op == NR_CONV ? (n.kernel - 1) * n.dilation : (n.kernel - 1) / n.stride) *
                graph.nodes()[n.in[0]].hop;
  }
  std::map<std::string, int> latency;
  align(graph, &latency);
  for (const Port& port : graph.outputs()) {
    m.latency = std::max(m.latency, latency[port.name]);
    m.receptive_field = std::max(m.receptive_field, field[port.id]);
  }
  return m;
}

}  // namespace nr
