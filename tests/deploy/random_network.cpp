#include "deploy/random_network.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/random.h"
#include "deploy/calibrate.h"
#include "export/runtime/stream.h"

namespace nr {
namespace {

std::vector<float> normal(Random& random, size_t count, double deviation) {
  std::vector<float> out(count);
  for (float& x : out) x = float(random.normal() * deviation);
  return out;
}
std::vector<float> uniform(Random& random, size_t count, double low, double high) {
  std::vector<float> out(count);
  for (float& x : out) x = float(random.uniform(low, high));
  return out;
}

NodeWeights random_convolution(const Node& n, int inputs, Random& random) {
  const size_t count = size_t(n.channels) * inputs * n.kernel;
  NodeWeights w;
  w.weight = n.fixed.empty() ? normal(random, count, 0.9 / std::sqrt(double(inputs) * n.kernel)) : n.fixed;
  if (n.bias) w.bias = normal(random, n.channels, 0.1);
  if (n.bias && n.name.find("/noise") != std::string::npos) w.bias.assign(n.channels, -0.5f);  // to be heard
  return w;
}

}  // namespace

RaveConfig small_rave(int bands, int capacity, std::vector<int> ratios, int latent_size, bool causal) {
  RaveConfig c;
  c.bands = bands, c.capacity = capacity, c.ratios = std::move(ratios), c.latent_size = latent_size, c.causal = causal;
  c.attenuation_db = 60;
  return c;
}

RaveV2Config small_v3(bool causal) {
  RaveV2Config c;
  c.bands = 4, c.capacity = 6, c.ratios = {4, 2}, c.latent_size = 5, c.causal = causal, c.attenuation_db = 60;
  c.dilations = {{1, 3}, {1}}, c.activation = "snake", c.adain = true;
  c.noise.ratios = {4, 2}, c.noise.bins = 6, c.noise.kernel = 3;
  return c;
}

Weights random_weights(const Graph& graph, int seed) {
  Weights out;
  for (const Node& n : graph.nodes()) {
    Random random(seed, hash64(n.name));
    const size_t channels = n.channels;
    if (n.op == NR_CONV || n.op == NR_CONV_TRANSPOSE) {
      out[n.name] = random_convolution(n, graph.nodes()[n.in[0]].channels / n.groups, random);
    } else if (n.op == NR_BATCH_NORM || n.op == NR_ADAIN) {
      NodeWeights& w = out[n.name];
      w.weight = uniform(random, channels, 0.6, 1.5), w.bias = normal(random, channels, 0.2);
      w.mean = normal(random, channels, 0.2), w.variance = uniform(random, channels, 0.4, 2);
    } else if (n.op == NR_SNAKE) {
      NodeWeights& w = out[n.name];
      w.weight = uniform(random, channels, 0.4, 2.5);
      for (const float a : w.weight) w.bias.push_back(1 / a);
    }
  }
  return out;
}

std::vector<Signal> random_signals(const Steps& steps, int ticks, int seed) {
  std::vector<Signal> out;
  for (const StepPort& port : steps.inputs) {
    Random random(seed, hash64(port.name));
    const size_t count = size_t(ticks) * port.channels * port.rows;
    Signal s{port.channels, port.name == "noise" ? uniform(random, count, -1, 1) : normal(random, count, 0.7)};
    for (float& x : s.rows) x = port.name == "audio" ? x * 0.3f : std::clamp(x, -2.0f, 2.0f);
    out.push_back(std::move(s));
  }
  return out;
}

std::vector<float> play_as_a_board(const Lowered& lowered, const std::vector<Signal>& inputs) {
  std::vector<int64_t> arena(lowered.arena_bytes() / 8 + 1);
  Stream stream(lowered.program, arena.data());
  const float unit = lowered.program.precision == NR_FLOAT32 ? 1 : lowered.outputs[0].scale;
  std::vector<float> all, now(block_of(lowered.outputs[0]));
  float* const to[] = {now.data()};
  for (size_t t = 0; (t + 1) * block_of(lowered.inputs[0]) <= inputs[0].rows.size(); ++t) {
    std::vector<const float*> from;
    for (size_t i = 0; i < inputs.size(); ++i)
      from.push_back(inputs[i].rows.empty() ? nullptr : inputs[i].rows.data() + t * block_of(lowered.inputs[i]));
    stream.tick(from.data(), to);
    for (const float x : now) all.push_back(x / unit);
  }
  return all;
}

Peaks peaks_of(const Steps& steps, const std::vector<Signal>& inputs) {
  return StoreRanges(steps, lower(steps, false), inputs).peaks();
}

Shipment ship(const Graph& graph, const Weights& weights, nr_precision precision, const std::string& name) {
  Shipment s;
  s.name = name, s.sample_rate = 16000, s.notes = {"a test"};
  s.controls = {{"rms", "dB", -40, -3, 1}, {"centroid", "Hz", 200, 4000, 2}};
  const Steps steps = make_steps(graph, weights, {"audio"});
  std::vector<Signal> loop = random_signals(steps, 20, 9);
  s.program = precision == NR_FLOAT32 ? lower(steps) : lower(steps, peaks_of(steps, loop), precision);
  for (size_t i = 0; i < loop.size(); ++i)
    if (is_noise(s.program.inputs[i])) loop[i].rows.clear();
  s.test = make_test_vector(s.program, loop, play_as_shipped(s.program, loop), 1000);
  return s;
}

}  // namespace nr
