// Writes the header of a guitar amplifier's network of NeuralAmpModeler's shape "A2" with three channels and random
// weights, to be counted on the emulated Cortex-M7 (export/emulated/run.sh HEADER out.wav 2 cycles).
//   amp_header OUT.h int8|int16|float32
#include <cmath>
#include <cstdio>
#include <fstream>

#include "deploy/emit.h"
#include "deploy/job.h"
#include "deploy/random_network.h"

namespace nr {
namespace {

constexpr int kFrames = 48, kHead = 16, kLayers = 23;
constexpr int kKernels[kLayers] = {6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 15, 15, 6, 6, 6, 6, 6, 6, 6};
constexpr int kDilations[kLayers] = {1,  3,   7,   17, 41, 101, 239, 1,  3,  7,   17, 41,
                                     101, 239, 1,  13, 1,   3,   7,  17, 41, 101, 239};

// The input lies beside the three channels, as a fourth that every residual leaves alone: the input's own weights in a
// layer are then those of the dilated convolution's last tap.
Graph amplifier() {
  Graph g;
  Wire x = g.conv("in", g.input("audio", 1, 1), ConvSpec(4, 1).without_bias()), heads;
  for (int i = 0; i < kLayers; ++i) {
    const std::string layer = "layer" + std::to_string(i);
    const Wire z = g.leaky_relu(g.conv(layer + "/dilated", x, ConvSpec(3, kKernels[i]).dilated(kDilations[i])), 0.01);
    heads = i ? g.add(heads, z) : z;
    if (i + 1 < kLayers) x = g.add(x, g.conv(layer + "/residual", z, {4, 1}));
  }
  g.output("out", g.conv("head", heads, {1, kHead}));
  return g;
}

Weights weights_of(const Graph& graph) {
  Weights weights = random_weights(graph, 1);
  for (auto& [name, w] : weights) {
    const bool in = name == "in", residual = name.find("/residual") != std::string::npos;
    if (in) w.weight[3] = 1;
    if (!residual) continue;
    for (float& x : w.weight) x *= 0.3f;  // that 23 of them add up to a signal of the same size
    for (int i = 9; i < 12; ++i) w.weight[i] = 0;
    w.bias[3] = 0;
  }
  return weights;
}

int write(const std::string& path, nr_precision precision) {
  const Graph graph = amplifier();
  const Steps steps = make_steps(graph, weights_of(graph), {"out"}, kFrames);
  Signal tones{1, {}};
  for (int t = 0; t < 48000; ++t)
    tones.rows.push_back(float(0.4 * std::sin(0.02 * t) + 0.3 * std::sin(0.0511 * t) * std::sin(0.0004 * t)));
  const std::vector<Signal> inputs{tones};
  Shipment s;
  s.name = "amplifier", s.sample_rate = 48000, s.notes = {"random weights"};
  s.program = precision == NR_FLOAT32 ? lower(steps) : lower(steps, peaks_of(steps, inputs), precision);
  const Played played = play_as_shipped(s.program, inputs);
  s.test = make_test_vector(s.program, inputs, played, 200);
  std::ofstream out(path);
  emit(s, out);
  std::printf("%.0f multiply-accumulates a sample, %.1f dB signal to error\n", double(steps.macs) / kFrames,
              signal_to_error_db(play(lower(steps), inputs)[0].rows, played.output, 0));
  return out ? 0 : 1;
}

}  // namespace
}  // namespace nr

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: amp_header OUT.h int8|int16|float32\n"), 1;
  try {
    return nr::write(argv[1], nr::precision_of(argv[2]));
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "error: %s\n", error.what()), 1;
  }
}
