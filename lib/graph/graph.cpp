#include "graph/graph.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"
#include "base/names.h"
#include "export/runtime/pulses.h"

namespace nr {
namespace {

[[noreturn]] void refuse(const std::string& node, const std::string& why) { fail("graph node '", node, "': ", why); }

void check(const std::string& name, const ConvSpec& s) {
  if (s.channels < 1 || s.kernel < 1 || s.stride < 1 || s.dilation < 1 || s.groups < 1)
    refuse(name, text("sizes must be positive (channels ", s.channels, ", kernel ", s.kernel, ", stride ", s.stride,
                      ", dilation ", s.dilation, ", groups ", s.groups, ")"));
}

Node node_of(Op op, const std::string& name, std::vector<int> in) {
  Node node;
  node.op = op, node.name = name, node.in = std::move(in);
  return node;
}

// The hop behind a stride.
int slower(const Node& x, const std::string& name, int stride) {
  const int64_t hop = int64_t(x.hop) * stride;
  if (hop > kSlowestHop)
    refuse(name, text("stride ", stride, " makes a hop of ", hop, " samples: expected at most ", kSlowestHop));
  return int(hop);
}

}  // namespace

int32_t pitch_middle(int rate) { return int32_t(std::lround(std::log2(kMiddleHz / rate) * kPulseOne)); }

Wire Graph::push(Node node) {
  nodes_.push_back(std::move(node));
  return {static_cast<int>(nodes_.size()) - 1};
}

Wire Graph::input(const std::string& name, int channels, int hop) {
  if (channels < 1 || hop < 1) refuse(name, "an input needs channels and a hop");
  Node node = node_of(NR_INPUT, name, {});
  node.channels = channels;
  node.hop = hop;
  const Wire wire = push(std::move(node));
  inputs_.push_back({name, wire.id});
  return wire;
}

Wire Graph::conv(const std::string& name, Wire x, const ConvSpec& s) {
  check(name, s);
  const int in = (*this)[x].channels;
  if (in % s.groups || s.channels % s.groups)
    refuse(name, text(s.groups, " groups do not divide ", in, " -> ", s.channels, " channels"));
  Node node = node_of(NR_CONV, name, {x.id});
  node.channels = s.channels, node.kernel = s.kernel, node.stride = s.stride;
  node.dilation = s.dilation, node.groups = s.groups;
  node.hop = slower((*this)[x], name, s.stride);
  node.bias = s.bias, node.weight_norm = s.weight_norm, node.fixed = s.fixed, node.bias_start = s.bias_start;
  const int span = (s.kernel - 1) * s.dilation;
  node.lookahead = s.causal ? 0 : std::max(0, span / 2 - (s.stride - 1));
  if (!s.fixed.empty() && s.fixed.size() != size_t(s.channels) * (in / s.groups) * s.kernel)
    refuse(name, "fixed weights of another size");
  return push(std::move(node));
}

Wire Graph::conv_transpose(const std::string& name, Wire x, const ConvSpec& s) {
  check(name, s);
  const int in = (*this)[x].channels, hop = (*this)[x].hop;
  if (hop % s.stride) refuse(name, text("stride ", s.stride, " does not divide the hop of ", hop, " samples"));
  if (s.kernel < s.stride) refuse(name, text("kernel ", s.kernel, " is shorter than stride ", s.stride));
  if (s.groups != 1 || s.dilation != 1) refuse(name, "a transposed convolution has neither groups nor dilation here");
  Node node = node_of(NR_CONV_TRANSPOSE, name, {x.id});
  node.channels = s.channels, node.kernel = s.kernel, node.stride = s.stride;
  node.hop = hop / s.stride;
  node.bias = s.bias, node.weight_norm = s.weight_norm, node.fixed = s.fixed, node.bias_start = s.bias_start;
  node.lookahead = s.causal ? 0 : (s.kernel - s.stride) / 2;
  if (!s.fixed.empty() && s.fixed.size() != size_t(s.channels) * in * s.kernel)
    refuse(name, "fixed weights of another size");
  return push(std::move(node));
}

Wire Graph::pointwise(Op op, Wire x) {
  Node node = node_of(op, (*this)[x].name, {x.id});
  node.channels = (*this)[x].channels, node.hop = (*this)[x].hop;
  return push(std::move(node));
}

Wire Graph::named(Op op, const std::string& name, Wire x) {
  const Wire wire = pointwise(op, x);
  nodes_[wire.id].name = name;
  return wire;
}

Wire Graph::batch_norm(const std::string& name, Wire x) { return named(NR_BATCH_NORM, name, x); }
Wire Graph::adain(const std::string& name, Wire x) { return named(NR_ADAIN, name, x); }
Wire Graph::snake(const std::string& name, Wire x) { return named(NR_SNAKE, name, x); }
Wire Graph::leaky_relu(Wire x, double slope) {
  const Wire wire = pointwise(NR_LEAKY_RELU, x);
  nodes_[wire.id].slope = slope;
  return wire;
}
Wire Graph::tanh(Wire x) { return pointwise(NR_TANH, x); }
Wire Graph::sigmoid(Wire x) { return pointwise(NR_SIGMOID, x); }
Wire Graph::mod_sigmoid(Wire x) { return pointwise(NR_MOD_SIGMOID, x); }
Wire Graph::unit_norm(Wire x) { return pointwise(NR_UNIT_NORM, x); }

Wire Graph::join(Op op, Wire a, Wire b) {
  const Node &p = (*this)[a], &q = (*this)[b];
  if (p.hop != q.hop) refuse(q.name, text("has a hop of ", q.hop, " but joins '", p.name, "' with ", p.hop));
  const bool gain = op == NR_MUL && q.channels == 1;
  if (op != NR_CONCAT && p.channels != q.channels && !gain)
    refuse(q.name, text("has ", q.channels, " channels but joins '", p.name, "' with ", p.channels));
  Node node = node_of(op, p.name, {a.id, b.id});
  node.channels = op == NR_CONCAT ? p.channels + q.channels : p.channels;
  node.hop = p.hop;
  return push(std::move(node));
}
Wire Graph::add(Wire a, Wire b) { return join(NR_ADD, a, b); }
Wire Graph::mul(Wire a, Wire b) { return join(NR_MUL, a, b); }
Wire Graph::concat(Wire a, Wire b) { return join(NR_CONCAT, a, b); }

Wire Graph::slice(Wire x, int offset, int channels) {
  if (offset < 0 || channels < 1 || offset + channels > (*this)[x].channels)
    refuse((*this)[x].name,
           text("has ", (*this)[x].channels, " channels; cannot take ", channels, " from ", offset));
  const Wire wire = pointwise(NR_SLICE, x);
  nodes_[wire.id].offset = offset, nodes_[wire.id].channels = channels;
  return wire;
}

Wire Graph::delay(Wire x, int frames) {
  if (frames < 1) refuse((*this)[x].name, "a delay needs at least one frame");
  const Wire wire = pointwise(NR_DELAY, x);
  nodes_[wire.id].frames = frames;
  return wire;
}

Wire Graph::frame_filter(const std::string& name, Wire amplitudes, Wire noise,
                         const std::vector<float>& responses) {
  const Node &a = (*this)[amplitudes], &u = (*this)[noise];
  if (a.channels % u.channels)
    refuse(name, text(a.channels, " amplitudes are not shared evenly by ", u.channels, " channels"));
  if (a.hop % u.hop) refuse(name, text("a hop of ", u.hop, " does not divide the filters' ", a.hop));
  const int bins = a.channels / u.channels, taps = int(responses.size()) / bins;
  if (taps < 1 || taps > 63 || responses.size() != size_t(bins) * taps)
    refuse(name, text(responses.size(), " responses for ", bins, " bins: expected 1 to 63 a bin"));
  for (int k = 0; k < taps; ++k) {
    double sum = 0;
    for (int i = 0; i < bins; ++i) sum += std::fabs(responses[size_t(i) * taps + k]);
    if (sum > 1.0001) refuse(name, text("the responses at tap ", k, " add up to ", sum, ": expected at most 1"));
  }
  for (int i = 0; i < bins; ++i) {
    double sum = 0;
    for (int k = 0; k < taps; ++k) sum += std::fabs(responses[size_t(i) * taps + k]);
    if (sum > 3.99) refuse(name, text("the responses of bin ", i, " add up to ", sum, ": expected less than 4"));
  }
  Node node = node_of(NR_FRAME_FILTER, name, {amplitudes.id, noise.id});
  node.channels = u.channels, node.hop = u.hop;
  node.kernel = taps, node.stride = a.hop / u.hop, node.fixed = responses;
  return push(std::move(node));
}

Wire Graph::pulses(const std::string& name, Wire pitch, Wire periodicity, int rate) {
  const Node &p = (*this)[pitch], &q = (*this)[periodicity];
  if (p.channels != 1 || q.channels != 1)
    refuse(name, text("pitch has ", p.channels, " channels and periodicity ", q.channels, ": expected 1 each"));
  if (p.hop != q.hop) refuse(name, text("pitch has a hop of ", p.hop, " and periodicity of ", q.hop));
  if (rate < 1) refuse(name, text("a rate of ", rate, " Hz: must be positive"));
  for (const Node& other : nodes_)
    if (other.op == NR_PULSES) refuse(name, text("'", other.name, "' makes pulses already: expected one a graph"));
  Node node = node_of(NR_PULSES, name, {pitch.id, periodicity.id});
  node.channels = 1, node.hop = 1, node.stride = p.hop, node.rate = rate;
  return push(std::move(node));
}

void Graph::output(const std::string& name, Wire x) { outputs_.push_back({name, x.id}); }

namespace {
const Node& port(const std::vector<Port>& ports, const std::vector<Node>& nodes, const std::string& name,
                 const char* side) {
  for (const Port& p : ports)
    if (p.name == name) return nodes[p.id];
  std::vector<std::string> names;
  for (const Port& p : ports) names.push_back(p.name);
  fail("the graph has no ", side, " named '", name, "'", hint(name, names));
}
}  // namespace

const Node& Graph::in(const std::string& name) const { return port(inputs_, nodes_, name, "input"); }
const Node& Graph::out(const std::string& name) const { return port(outputs_, nodes_, name, "output"); }

int Graph::hop() const {
  int slowest = 1;
  for (const Node& node : nodes_) slowest = std::max(slowest, node.hop);
  return slowest;
}

uint64_t Graph::hash() const {
  std::string all;
  const auto mix = [&all](const auto& value) { all += text(value) + ","; };
  for (const Node& n : nodes_) {
    mix(n.name);
    for (const int i : n.in) mix(i);
    for (const int v : {int(n.op), n.channels, n.hop, n.kernel, n.stride, n.dilation, n.groups, n.lookahead, n.offset,
                        n.frames, int(n.bias), int(n.weight_norm), int(n.fixed.size())})
      mix(v);
    mix(n.slope);
    if (n.op == NR_PULSES) mix(n.rate);
  }
  for (const auto* ports : {&inputs_, &outputs_})
    for (const Port& p : *ports) mix(p.name), mix(p.id);
  return hash64(all);
}

}  // namespace nr
