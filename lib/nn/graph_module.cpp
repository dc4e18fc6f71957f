#include "nn/graph_module.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "base/error.h"
#include "export/runtime/pulses.h"
#include "nn/autocast.h"
#include "nn/batch_norm.h"
#include "nn/fused.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

constexpr double kNormEpsilon = 1e-5, kNormMomentum = 0.1;

bool convolves(const Node& n) { return n.op == NR_CONV || n.op == NR_CONV_TRANSPOSE; }

// Whether it takes what bfloat16 convolutions give (nn/autocast.h); the others get it in float32.
bool takes_bfloat16(const Node& n) {
  const bool moves = n.op == NR_LEAKY_RELU || n.op == NR_ADD || n.op == NR_CONCAT || n.op == NR_SLICE ||
                     n.op == NR_DELAY;
  return n.fixed.empty() && (convolves(n) || moves);
}

// As a stream makes them, bit for bit; on the CPU, and without a gradient: they are data.
torch::Tensor pulses(const Node& n, const torch::Tensor& pitch, const torch::Tensor& periodicity) {
  const auto plain = [](const torch::Tensor& t) { return t.detach().to(torch::kCPU).contiguous(); };
  const torch::Tensor p = plain(pitch), q = plain(periodicity);
  const int64_t frames = p.size(2);
  torch::Tensor out = torch::empty({p.size(0), 1, frames * n.stride});
  const int32_t middle = pitch_middle(n.rate);
  at::parallel_for(0, p.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Pulses oscillator;
      float* y = out.data_ptr<float>() + i * frames * n.stride;
      for (int64_t t = i * frames; t < (i + 1) * frames; ++t)
        oscillator.controlled(middle, control_of(p.data_ptr<float>()[t]), control_of(q.data_ptr<float>()[t]), n.stride,
                              [&](int32_t sample) { *y++ = float(sample) * (1.f / kPulseOne); });
    }
  });
  return out.to(pitch.device());
}

}  // namespace

void GraphModule::find_fused() {
  const std::vector<Node>& nodes = graph_.nodes();
  std::vector<int> readers(nodes.size()), convolutions(nodes.size());
  for (const Node& n : nodes)
    for (const int from : n.in) ++readers[from], convolutions[from] += convolves(n);
  for (const Port& port : graph_.outputs()) ++readers[port.id];
  for (size_t i = 0; i < nodes.size(); ++i)
    handles_[i].passes = nodes[i].op == NR_LEAKY_RELU && readers[i] == convolutions[i];
  // x + x * slice + slice, as models/bands.cpp writes FiLM, where nothing else reads what lies between.
  const auto is = [&](int node, Op op) { return nodes[node].op == op && readers[node] == 1; };
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].op != NR_ADD || !is(nodes[i].in[0], NR_ADD) || !is(nodes[i].in[1], NR_SLICE)) continue;
    const int scaled = nodes[i].in[0], shift = nodes[i].in[1], x = nodes[scaled].in[0], product = nodes[scaled].in[1];
    if (!is(product, NR_MUL) || nodes[product].in[0] != x || !is(nodes[product].in[1], NR_SLICE)) continue;
    const int scale = nodes[product].in[1], film = nodes[scale].in[0], channels = nodes[i].channels;
    if (nodes[shift].in[0] != film || nodes[film].channels != 2 * channels || nodes[scale].channels != channels ||
        nodes[scale].offset != 0 || nodes[shift].offset != channels)
      continue;
    for (const int inside : {scaled, shift, product, scale}) handles_[inside].skipped = true;
    handles_[i].film_of = {x, film};
  }
}

GraphModule::GraphModule(Graph graph) : graph_(std::move(graph)), handles_(graph_.nodes().size()) {
  find_fused();
  for (size_t i = 0; i < handles_.size(); ++i) {
    const Node& n = graph_.nodes()[i];
    Handles& h = handles_[i];
    if (n.op == NR_BATCH_NORM) {
      h.weight = register_parameter(n.name + "/weight", torch::ones({n.channels}));
      h.bias = register_parameter(n.name + "/bias", torch::zeros({n.channels}));
      h.mean = register_buffer(n.name + "/mean", torch::zeros({n.channels}));
      h.variance = register_buffer(n.name + "/variance", torch::ones({n.channels}));
    }
    if (n.op == NR_ADAIN)
      h.slot = {register_buffer(n.name + "/source_mean", torch::zeros({n.channels})),
                register_buffer(n.name + "/source_deviation", torch::ones({n.channels})),
                register_buffer(n.name + "/target_mean", torch::zeros({n.channels})),
                register_buffer(n.name + "/target_deviation", torch::ones({n.channels}))};
    if (n.op == NR_SNAKE) h.weight = register_parameter(n.name + "/weight", torch::ones({n.channels}));
    if (n.op == NR_FRAME_FILTER)
      h.weight = register_buffer(n.name + "/fixed", torch::tensor(n.fixed).reshape({-1, n.kernel}));
    if (!convolves(n)) continue;
    const int in = graph_.nodes()[n.in[0]].channels;
    const std::vector<int64_t> shape = n.op == NR_CONV ? std::vector<int64_t>{n.channels, in / n.groups, n.kernel}
                                                       : std::vector<int64_t>{in, n.channels, n.kernel};
    if (!n.fixed.empty()) {
      h.weight = register_buffer(n.name + "/fixed", torch::tensor(n.fixed).reshape(shape));
      continue;
    }
    const double bound = 1.0 / std::sqrt(double(shape[1] * n.kernel));  // torch's default for convolutions
    h.weight = register_parameter(n.name + "/weight", torch::empty(shape).uniform_(-bound, bound));
    if (n.weight_norm) h.gain = register_parameter(n.name + "/gain", h.weight.detach().norm(2, {1, 2}, true).clone());
    if (n.bias)
      h.bias =
          register_parameter(n.name + "/bias", torch::empty({n.channels}).uniform_(-bound, bound).add_(n.bias_start));
  }
}

torch::Tensor GraphModule::weight(int node) const {
  const Handles& h = handles_[node];
  return h.gain.defined() ? torch::_weight_norm(h.weight, h.gain, 0) : h.weight;
}

torch::Tensor GraphModule::bias(int node) const { return handles_[node].bias; }

GraphModule::Norm GraphModule::norm(int node) const {
  const Handles& h = handles_[node];
  return {h.weight, h.bias, h.mean, torch::Tensor(h.variance) + kNormEpsilon};
}

ConvolutionLayer GraphModule::layer(size_t node) const {
  const Node &n = graph_.nodes()[node], &from = graph_.nodes()[n.in[0]];
  const Handles& h = handles_[node];
  ConvolutionLayer out{h.weight, h.gain, h.bias};
  out.stride = n.stride, out.dilation = n.dilation, out.groups = n.groups;
  out.transposed = n.op == NR_CONV_TRANSPOSE;
  out.before = out.transposed ? n.lookahead : (n.kernel - 1) * n.dilation - (n.stride - 1) - n.lookahead;
  out.after = out.transposed ? n.kernel - n.stride - n.lookahead : n.lookahead;
  if (handles_[n.in[0]].passes) out.slope = from.slope;
  return out;
}

Wires GraphModule::run(const Wires& inputs) {
  std::vector<torch::Tensor> v(handles_.size());
  for (size_t i = 0; i < v.size(); ++i) {
    const Node& n = graph_.nodes()[i];
    const Handles& h = handles_[i];
    if (h.skipped) continue;
    const auto in = [&](size_t k) {
      return n.in.size() <= k ? torch::Tensor() : takes_bfloat16(n) ? v[n.in[k]] : float32(v[n.in[k]]);
    };
    const torch::Tensor a = in(0), b = in(1);
    switch (n.op) {
      case NR_INPUT: {
        const auto given = inputs.find(n.name);
        if (given == inputs.end()) fail("the graph's input '", n.name, "' was not given");
        if (given->second.dim() != 3 || given->second.size(1) != n.channels)
          fail("the graph's input '", n.name, "' has ", n.channels, " channels, not the ",
               given->second.dim() == 3 ? given->second.size(1) : -1, " given");
        v[i] = given->second;
        break;
      }
      case NR_CONV:
      case NR_CONV_TRANSPOSE: {
        const Autocast autocast(a.device(), n.fixed.empty());
        v[i] = convolve(layer(i), a);
        break;
      }
      case NR_BATCH_NORM:
        v[i] = batch_norm(a, h.weight, h.bias, h.mean, h.variance, is_training(), kNormMomentum, kNormEpsilon);
        break;
      case NR_ADAIN: {
        if (listener_) listener_(n, a);
        const auto& [source_mean, source_deviation, target_mean, target_deviation] = h.slot;
        v[i] = is_training() ? a
                             : (a - source_mean.unsqueeze(-1)) * (target_deviation / source_deviation).unsqueeze(-1) +
                                   target_mean.unsqueeze(-1);
        break;
      }
      case NR_LEAKY_RELU: v[i] = h.passes ? a : torch::leaky_relu(a, n.slope); break;
      case NR_TANH: v[i] = torch::tanh(a); break;
      case NR_SIGMOID: v[i] = torch::sigmoid(a); break;
      case NR_MOD_SIGMOID: v[i] = mod_sigmoid(a); break;
      case NR_SNAKE: {
        const auto rate = h.weight.unsqueeze(-1);
        v[i] = a + torch::sin(rate * a).square() / (rate + kSnakeEpsilon);
        break;
      }
      case NR_UNIT_NORM: v[i] = a / a.norm(2, 1, true).clamp_min(1e-12); break;
      case NR_ADD: v[i] = h.film_of.empty() ? a + b : film(float32(v[h.film_of[0]]), float32(v[h.film_of[1]])); break;
      case NR_MUL: v[i] = a * b; break;
      case NR_CONCAT: v[i] = torch::cat({a, b}, 1); break;
      case NR_FRAME_FILTER:
        if (b.size(2) != a.size(2) * n.stride)
          fail("graph node '", n.name, "': ", b.size(2), " frames of noise were given, ", a.size(2) * n.stride,
               " expected");
        v[i] = filter_frames(a, b, h.weight);
        break;
      case NR_PULSES: v[i] = pulses(n, a, b); break;
      case NR_SLICE: v[i] = a.narrow(1, n.offset, n.channels); break;
      case NR_DELAY: v[i] = F::pad(a, F::PadFuncOptions({n.frames, 0})).narrow(-1, 0, a.size(-1)); break;
    }
  }
  Wires outputs;
  for (const Port& port : graph_.outputs()) outputs[port.name] = float32(v[port.id]);
  return outputs;
}

}  // namespace nr
