// Every operation of the integer engine against the float engine, which stream_test.cpp holds to LibTorch: at the sizes
// of real models, and with inputs of any scale.
#include <gtest/gtest.h>

#include "base/random.h"
#include "deploy/random_network.h"

namespace nr {
namespace {

constexpr int kBins = 6, kTaps = 10;

// y = op(x), or of x and z, with `channels` channels.
Graph graph_of(Op op, int channels) {
  Graph g;
  const Wire x = g.input("x", channels, 1);
  const auto other = [&](int size) { return g.input("z", size, 1); };
  ConvSpec spec(channels, 3);
  const auto result = [&]() -> Wire {
    switch (op) {
      case NR_INPUT:
        return x;
      case NR_CONV:
        return g.conv("c", x, spec);
      case NR_CONV_TRANSPOSE:
        spec.kernel = 8, spec.stride = 4;
        return g.conv_transpose("c", g.conv("down", x, ConvSpec(channels, 4).strided(4)), spec);
      case NR_BATCH_NORM:
        return g.batch_norm("n", g.conv("c", x, spec));
      case NR_ADAIN:
        return g.adain("a", g.conv("c", x, spec));
      case NR_LEAKY_RELU:
        return g.leaky_relu(x);
      case NR_TANH:
        return g.tanh(x);
      case NR_SIGMOID:
        return g.sigmoid(x);
      case NR_MOD_SIGMOID:
        return g.mod_sigmoid(x);
      case NR_ADD:
        return g.add(x, other(channels));
      case NR_MUL:
        return g.mul(x, other(channels));
      case NR_CONCAT:
        return g.concat(x, other(channels));
      case NR_SLICE:
        return g.slice(x, channels / 2, channels / 2);
      case NR_DELAY:
        return g.delay(x, 3);
      case NR_SNAKE:
        return g.snake("s", x);
      case NR_UNIT_NORM:
        return g.unit_norm(x);
      case NR_FRAME_FILTER: {
        std::vector<float> responses(kBins *
                                     kTaps);  // of bins that share their taps: each tap's sum over them is below 1
        for (size_t i = 0; i < responses.size(); ++i) responses[i] = float(std::cos(0.37 * double(i * i))) / kBins;
        const Wire amplitudes = g.sigmoid(g.conv("c", x, ConvSpec(channels / 8 * kBins, 4).strided(4)));
        return g.frame_filter("f", amplitudes, g.input("noise", channels / 8, 1), responses);
      }
      case NR_PULSES:
        return g.pulses("p", g.slice(x, 0, 1), g.slice(x, 1, 1), 16000);
    }
    return x;
  };
  g.output("y", result());
  return g;
}

// Signal to error, in dB, over 100 ticks: calibrated on the same inputs, so that nothing is clipped.
double snr_of(Op op, int channels, nr_precision precision, Random& random) {
  const Graph graph = graph_of(op, channels);
  const Steps steps = make_steps(graph, random_weights(graph, int(random.below(1000))), {"y"});
  std::vector<Signal> inputs = random_signals(steps, 100, int(random.below(1000)));
  for (size_t i = 0; i < inputs.size(); ++i) {
    const double scale = std::pow(10, random.uniform(-1.5, 1.5));
    if (steps.inputs[i].name == "noise") continue;
    for (float& x : inputs[i].rows) x = float(random.normal() * scale);
  }
  const std::vector<float> wanted = play_as_shipped(lower(steps), inputs).output;
  const Lowered lowered = lower(steps, peaks_of(steps, inputs), precision);
  return signal_to_error_db(wanted, play_as_shipped(lowered, inputs).output, 0);
}

// In dB, for weights of 16 and 8 bits; activations have 16. Accumulators of 32 bits leave a wide convolution fewer bits
// a weight than 16.
struct Bound {
  Op op;
  double int16, int8;
};
class IntegerOp : public testing::TestWithParam<Bound> {};

TEST_P(IntegerOp, StaysCloseAtRealSizesAndRandomScales) {
  const auto [op, int16, int8] = GetParam();
  for (const nr_precision precision : {NR_INT16, NR_INT8}) {
    double worst = 1e9;
    for (const int channels : {16, 64, 128, 256})
      for (int draw = 0; draw < 4; ++draw) {
        Random random(op, channels, draw);
        worst = std::min(worst, snr_of(op, channels, precision, random));
      }
    std::printf("op %d, %s: %.1f dB\n", int(op), precision == NR_INT16 ? "int16" : "int8", worst);
    EXPECT_GT(worst, precision == NR_INT16 ? int16 : int8);
  }
}

INSTANTIATE_TEST_SUITE_P(All, IntegerOp,
                         testing::Values(Bound{NR_INPUT, 83, 83}, Bound{NR_CONV, 48, 39},
                                         Bound{NR_CONV_TRANSPOSE, 45, 36}, Bound{NR_BATCH_NORM, 48, 39},
                                         Bound{NR_LEAKY_RELU, 78, 78}, Bound{NR_TANH, 79, 79},
                                         Bound{NR_SIGMOID, 85, 85}, Bound{NR_MOD_SIGMOID, 82, 82},
                                         Bound{NR_ADD, 80, 80}, Bound{NR_MUL, 74, 74}, Bound{NR_CONCAT, 80, 80},
                                         Bound{NR_SLICE, 83, 83}, Bound{NR_DELAY, 83, 83}, Bound{NR_SNAKE, 69, 69},
                                         Bound{NR_FRAME_FILTER, 42, 33}, Bound{NR_UNIT_NORM, 80, 80},
                                         Bound{NR_ADAIN, 48, 39}),
                         [](const auto& info) { return "Number" + std::to_string(int(info.param.op)); });

// What 128 Gaussian channels give: no channel comes near 1, so the output's unit is far below 1/65536 of it.
TEST(IntegerOp, AUnitNormOfManyChannelsUsesAll16Bits) {
  for (const int channels : {5, 32, 128, 256}) {
    Random random(channels);
    EXPECT_GT(snr_of(NR_UNIT_NORM, channels, NR_INT8, random), 76) << channels;
  }
}

}  // namespace
}  // namespace nr
