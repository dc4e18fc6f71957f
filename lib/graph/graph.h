// A network that ships, described once as plain data. nn/ trains it, deploy/ lowers it, measure() counts its cost.
// Signals are [channels][frames]; a wire carries one frame every `hop` audio samples.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "export/runtime/program.h"

namespace nr {

using Op = nr_op;

constexpr int kSlowestHop = 1 << 24;  // samples a frame: so that sizes of a few hops still fit an int

struct Wire {
  int id = -1;
};

struct Node {
  Op op = NR_INPUT;
  std::string name;          // stable path: names the parameters, the C symbol, the test; "decoder/up1/conv"
  std::vector<int> in;       // node ids, all smaller than this node's
  int channels = 0;
  int hop = 1;               // audio samples a frame
  int kernel = 1, stride = 1, dilation = 1, groups = 1;  // frame_filter: taps, and frames a filter
  int lookahead = 0;         // conv: input frames; conv_transpose: output frames; 0 = causal
  int offset = 0;            // slice: first channel
  int frames = 0;            // delay: frames
  int rate = 0;              // pulses: audio samples a second
  double slope = 0.2;        // leaky_relu
  bool bias = true, weight_norm = false;
  double bias_start = 0;     // learned biases begin around it
  std::vector<float> fixed;  // constant weights in torch's layout (PQMF); empty = learned; frame_filter: [bins][taps]
};

// ConvSpec(64, 7).strided(2).causal_if(config.causal): 64 output channels, a kernel of 7, and what differs from the
// defaults.
struct ConvSpec {
  int channels;  // out
  int kernel;
  int stride = 1;
  int dilation = 1;
  int groups = 1;
  bool causal = true;
  bool bias = true;
  bool weight_norm = false;
  std::vector<float> fixed;  // as in Node
  double bias_start = 0;

  ConvSpec(int channels, int kernel) : channels(channels), kernel(kernel) {}
  ConvSpec& strided(int frames) { return stride = frames, *this; }
  ConvSpec& dilated(int frames) { return dilation = frames, *this; }
  ConvSpec& grouped(int count) { return groups = count, *this; }
  ConvSpec& causal_if(bool is) { return causal = is, *this; }
  ConvSpec& without_bias() { return bias = false, *this; }
  ConvSpec& bias_from(double start) { return bias_start = start, *this; }
  ConvSpec& weight_normed() { return weight_norm = true, *this; }
  ConvSpec& with_weights(std::vector<float> weights) { return fixed = std::move(weights), *this; }
};

// log2 of the periods a sample of kMiddleHz at a rate, in 1/65536: where a pitch of 0 lies (export/runtime/pulses.h).
int32_t pitch_middle(int rate);

struct Port {
  std::string name;
  int id = -1;
};

// Every method checks shapes and throws Error with the node's name.
class Graph {
 public:
  Wire input(const std::string& name, int channels, int hop);
  // y[t] = sum_k w[k] x[t*stride + stride-1 + lookahead - (kernel-1-k)*dilation]; w: [out, in/groups, kernel]
  // A causal strided convolution is aligned to the end of its own frame of `stride` inputs and never sees the next one.
  Wire conv(const std::string& name, Wire x, const ConvSpec& spec);
  // y[t*stride + j] += w[j] x[t], the first `lookahead` frames cut; w: [in, out, kernel]; kernel >= stride
  Wire conv_transpose(const std::string& name, Wire x, const ConvSpec& spec);
  Wire batch_norm(const std::string& name, Wire x);  // per channel; folds into the convolution before it
  // A slot for style transfer (Huang and Belongie, arXiv:1703.06868): passes x through until it is given the statistics
  // of a source and a target, then (x - source mean) / source deviation * target deviation + target mean, per channel.
  // Folds as a batch norm does.
  Wire adain(const std::string& name, Wire x);
  Wire leaky_relu(Wire x, double slope = 0.2);
  Wire tanh(Wire x);
  Wire sigmoid(Wire x);
  Wire mod_sigmoid(Wire x);        // 2 sigmoid(x)^2.3 + 1e-7 (RAVE, arXiv:2111.05011, appendix)
  // x + sin(a x)^2 / a, a learned per channel (Ziyin et al., arXiv:2006.08195)
  Wire snake(const std::string& name, Wire x);
  Wire unit_norm(Wire x);          // x / |x|, over a frame's channels; silence stays 0
  Wire add(Wire a, Wire b);
  Wire mul(Wire a, Wire b);        // b may have one channel: a gain for all of a's
  Wire concat(Wire a, Wire b);     // along channels
  Wire slice(Wire x, int offset, int channels);
  Wire delay(Wire x, int frames);  // y[t] = x[t - frames]
  // Filtered noise: y[c][t] = sum_k h[c][t / ratio][k] noise[c][t - k] with taps
  // h[c][s][k] = sum_i amplitudes[c * bins + i][s] responses[i][k]; ratio: amplitudes' hop / noise's hop.
  // At most 63 taps; at every tap the responses' absolute values add up to at most 1.
  Wire frame_filter(const std::string& name, Wire amplitudes, Wire noise, const std::vector<float>& responses);
  // One channel at audio rate from pitch and periodicity, one channel each: export/runtime/pulses.h. rate: Hz. At most
  // one in a graph.
  Wire pulses(const std::string& name, Wire pitch, Wire periodicity, int rate);
  void output(const std::string& name, Wire x);

  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& operator[](Wire wire) const { return nodes_[wire.id]; }
  const std::vector<Port>& inputs() const { return inputs_; }
  const std::vector<Port>& outputs() const { return outputs_; }
  const Node& in(const std::string& name) const;   // Error when there is none
  const Node& out(const std::string& name) const;
  int hop() const;        // of the slowest wire: one tick of a stream
  // Of everything but learned weights: checkpoints and headers carry it and refuse another network.
  uint64_t hash() const;

 private:
  friend Graph copy_nodes(const Graph&, const std::vector<bool>&, const std::vector<std::string>&);
  Wire push(Node node);
  Wire pointwise(Op op, Wire x);
  Wire named(Op op, const std::string& name, Wire x);  // pointwise, with numbers of its own
  Wire join(Op op, Wire a, Wire b);
  std::vector<Node> nodes_;
  std::vector<Port> inputs_, outputs_;
};

}  // namespace nr
