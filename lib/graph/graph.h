// A network that ships, described once as plain data. nn/ trains it, deploy/ lowers it, measure() counts it.
// Signals are [channels][frames]; a wire carries one frame every `hop` audio samples.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "export/runtime/program.h"

namespace nr {

using Op = nr_op;

struct Wire {
  int id = -1;
};

struct Node {
  Op op;
  std::string name;          // stable path: names the parameters, the C symbol, the test; "decoder/up1/conv"
  std::vector<int> in;       // node ids, all smaller than this node's
  int channels = 0;
  int hop = 1;               // audio samples a frame
  int kernel = 1, stride = 1, dilation = 1, groups = 1;  // frame_filter: taps, and frames a filter
  int lookahead = 0;         // conv: input frames; conv_transpose: output frames; 0 = causal
  int offset = 0;            // slice: first channel
  int frames = 0;            // delay: frames
  double slope = 0.2;        // leaky_relu
  bool bias = true, weight_norm = false;
  double bias_start = 0;     // learned biases begin around it
  std::vector<float> fixed;  // constant weights in torch's layout (PQMF); empty = learned; frame_filter: [bins][taps]
};

struct ConvSpec {
  int channels;  // out
  int kernel;
  int stride = 1;
  int dilation = 1;
  int groups = 1;
  bool causal = true;
  bool bias = true;
  bool weight_norm = false;
  std::vector<float> fixed = {};
  double bias_start = 0;
};

struct Port {
  std::string name;
  int id;
};

// Every method checks shapes and throws Error with the node's name.
class Graph {
 public:
  Wire input(const std::string& name, int channels, int hop);
  // y[t] = sum_k w[k] x[t*stride + stride-1 + lookahead - (kernel-1-k)*dilation]; w: [out, in/groups, kernel]. A causal strided
  // convolution sees its whole own frame (the tick has it already), or with a short kernel that frame's end, never the next.
  Wire conv(const std::string& name, Wire x, const ConvSpec& spec);
  // y[t*stride + j] += w[j] x[t], the first `lookahead` frames cut; w: [in, out, kernel]; kernel >= stride
  Wire conv_transpose(const std::string& name, Wire x, const ConvSpec& spec);
  Wire batch_norm(const std::string& name, Wire x);  // per channel; folds into the convolution before it
  // A slot for other statistics (Huang and Belongie, arXiv:1703.06868): passes through in training and until it is given a source's and a
  // target's, then (x - source mean) / source deviation * target deviation + target mean, per channel. Folds as a batch norm does.
  Wire adain(const std::string& name, Wire x);
  Wire leaky_relu(Wire x, double slope = 0.2);
  Wire tanh(Wire x);
  Wire sigmoid(Wire x);
  Wire mod_sigmoid(Wire x);      // 2 sigmoid(x)^2.3 + 1e-7 (RAVE, arXiv:2111.05011, appendix)
  Wire snake(const std::string& name, Wire x);  // x + sin(a x)^2 / a, a learned per channel (Ziyin et al., arXiv:2006.08195)
  Wire unit_norm(Wire x);        // x / |x|, over a frame's channels; silence stays 0
  Wire add(Wire a, Wire b);
  Wire mul(Wire a, Wire b);      // b may have one channel: a gain for all of a's
  Wire concat(Wire a, Wire b);   // along channels
  Wire slice(Wire x, int offset, int channels);
  Wire delay(Wire x, int frames);  // y[t] = x[t - frames]
  // Noise shaped channel by channel and frame by frame: y[c][t] = sum_k h[c][t / ratio][k] noise[c][t - k], where the taps of channel c are
  // h = sum_i amplitudes[c * bins + i] responses[i][k]; ratio: of the two hops. At most 63 taps, no response's sum over i above 1.
  Wire frame_filter(const std::string& name, Wire amplitudes, Wire noise, const std::vector<float>& responses);
  void output(const std::string& name, Wire x);

  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& operator[](Wire wire) const { return nodes_[wire.id]; }
  const std::vector<Port>& inputs() const { return inputs_; }
  const std::vector<Port>& outputs() const { return outputs_; }
  const Node& in(const std::string& name) const;   // Error when there is none
  const Node& out(const std::string& name) const;
  int hop() const;        // of the slowest wire: one tick of a stream
  uint64_t hash() const;  // of everything but learned weights: checkpoints and headers carry it and refuse another network

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
