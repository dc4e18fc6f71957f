// Every number here is fitted to what `export/emulated/run.sh HEADER OUT.wav 1 steps` counts (QEMU 7.2's mps2-an500, arm-none-eabi-gcc 12.2),
// by least relative squares over the 523 steps of seven small whole models in each precision, of RAVE v1 and v2, with and without
// snakes, FiLM, noise and a spherical latent. tests/deploy/header_test.cpp holds the sums to new counts.
#include "deploy/instructions.h"

namespace nr {
namespace {

struct Cost {
  double step, row, element;  // instructions
};
struct ConvCost {
  double output, stretch, mac;  // an output of a row, each stretch of its inputs, each input of that
};
struct Engine {
  double step;
  int rows, outputs;       // computed together
  ConvCost block, single;  // a row of so many, and one left over
};
constexpr Engine kFloat{90, 4, 4, {14.7, 0.8, 1.70}, {23.4, 0.8, 3.02}}, kInteger{110, 2, 2, {15.6, 5.6, 1.23}, {21.4, 7.8, 1.63}};
constexpr double kFilter = 137, kFilterTap = 4.97, kShaped = 43, kShapedInteger = 55, kShapedTap = 4.1;  // of a frame filter
constexpr double kPortFloat = 14.7, kPortInteger = 24.6, kLineFloat = 224, kLineInteger = 135;           // copied elements; memmoves

double round_up(int n, int of) { return double((n + of - 1) / of * of); }

double conv(const nr_node& n, const Engine& e) {
  const int left = n.rows % e.rows;
  const auto row = [&](const ConvCost& c) { return c.output + n.runs * (c.stretch + n.run * c.mac); };
  return e.step + round_up(n.channels, e.outputs) * ((n.rows - left) * row(e.block) + left * row(e.single));
}

double frame_filter(const nr_node& n, double shaped) {
  const double filters = double(n.rows / n.row_step) * n.channels;
  return filters * (kFilter + n.runs * n.run * kFilterTap + n.row_step * (shaped + n.run * kShapedTap));
}

double cost(const nr_node& n, bool integer) {
  const auto rows = [&](const Cost& floats, const Cost& integers) {
    const Cost& c = integer ? integers : floats;
    return c.step + n.rows * (c.row + n.channels * c.element);
  };
  switch (static_cast<nr_op>(n.op)) {
    case NR_CONV:
      return conv(n, integer ? kInteger : kFloat);
    case NR_LEAKY_RELU:
      return rows({34, 0, 7.5}, {54, 1.5, 4.4});
    case NR_TANH:
      return rows({37, 0, 54.5}, {36, 0, 15});
    case NR_SIGMOID:
      return rows({37, 6.5, 52.6}, {36, 0, 15});
    case NR_MOD_SIGMOID:
      return rows({24, 1, 123}, {36, 0, 15});
    case NR_ADD:
      return rows({30, 0, 6.1}, {62, 1, 2.9});
    case NR_MUL:
      return rows({34, 11, 7}, {36, 21, 10});
    case NR_CONCAT:
      return rows({41, 41, 2}, {42, 42, 0.7});
    case NR_SNAKE:
      return rows({37, 10, 34}, {35, 23, 25});
    case NR_UNIT_NORM:
      return rows({34, 34, 9}, {36, 1252, 19});
    case NR_FRAME_FILTER:
      return frame_filter(n, integer ? kShapedInteger : kShaped);
    case NR_INPUT:
    case NR_CONV_TRANSPOSE:
    case NR_BATCH_NORM:
    case NR_ADAIN:
    case NR_SLICE:
    case NR_DELAY:
      break;  // lowered away
  }
  return 0;
}

}  // namespace

double instructions(const nr_program& p) {
  const bool integer = p.precision != NR_FLOAT32;
  double sum = p.n_lines * (integer ? kLineInteger : kLineFloat);
  for (int i = 0; i < p.n_nodes; ++i) sum += cost(p.nodes[i], integer);
  const auto copy = [&](const nr_port& port) { sum += double(port.channels) * port.frames * (integer ? kPortInteger : kPortFloat); };
  for (int i = 0; i < p.n_inputs; ++i) copy(p.inputs[i]);
  for (int i = 0; i < p.n_outputs; ++i) copy(p.outputs[i]);
  return sum;
}

}  // namespace nr
