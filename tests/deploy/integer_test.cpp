// The integer engine: how close it stays to the float network, and the proof that it cannot overflow.
#include <gtest/gtest.h>

#include "base/random.h"
#include "deploy/network.h"
#include "graph/passes.h"
#include "support/errors.h"
#include "support/instruction_sets.h"

namespace nr {
namespace {

// Smooth motion that comes back to the middle, not white noise: what the latent of a sound does.
Wires slow_inputs(const Graph& graph, int ticks) {
  Wires wires;
  for (const Port& port : graph.inputs()) {
    const Node& n = graph.nodes()[port.id];
    const int64_t frames = int64_t(ticks) * graph.hop() / n.hop;
    if (port.name == "noise") {
      wires[port.name] = noise_for(n, frames);
      continue;
    }
    const auto noise = torch::randn({n.channels, 1, frames + 7});
    wires[port.name] =
        torch::tanh(torch::conv1d(noise, torch::full({1, 1, 8}, 0.3)).transpose(0, 1)) * (n.hop == 1 ? 0.3 : 1.0);
  }
  return wires;
}

double snr(const Graph& graph, nr_precision precision) {
  torch::NoGradGuard no_grad;
  const auto module = random_module(graph, 3);
  const Steps steps = make_steps(graph, weights_of(*module), {"audio"});
  const Peaks peaks = peaks_of(steps, in_order(steps, slow_inputs(graph, 600)));
  const Wires unseen = slow_inputs(graph, 60);
  const Signal wanted = to_signal(module->run(unseen)["audio"]);
  const Lowered lowered = precision == NR_FLOAT32 ? lower(steps) : lower(steps, peaks, precision);
  return signal_to_error_db(wanted.rows, play(lowered, in_order(steps, unseen))[0].rows, 0);
}

TEST(IntegerStream, OfADecoderStaysWithin30DbAt8BitsAnd55DbAt16) {
  const Graph decoder = describe(small_rave(16, 8, {4, 2}, 8), 2).decoder;
  const double eight = snr(decoder, NR_INT8), sixteen = snr(decoder, NR_INT16), exact = snr(decoder, NR_FLOAT32);
  std::printf("decoder: int8 %.1f dB, int16 %.1f dB, float32 %.1f dB\n", eight, sixteen, exact);
  EXPECT_GT(eight, 30);
  EXPECT_GT(sixteen, 55);
  EXPECT_GT(exact, 100);
}

TEST(IntegerStream, OfAWholeModelWithOddSizesStaysWithin25DbAt8BitsAnd50DbAt16) {
  const Graph whole = describe(small_rave(4, 5, {3, 2}, 7), 3).whole;
  const double eight = snr(whole, NR_INT8), sixteen = snr(whole, NR_INT16);
  std::printf("whole: int8 %.1f dB, int16 %.1f dB\n", eight, sixteen);
  EXPECT_GT(eight, 25);
  EXPECT_GT(sixteen, 50);
}

TEST(IntegerStream, OfTheEngineIsTheBoardsBitForBitWithEveryInstructionSet) {
  RaveConfig spherical = small_rave(4, 4, {4, 2}, 5);
  spherical.latent = SphericalLatent{};
  RaveV2Config played = small_v3();
  played.excitation.bins = 6;
  const ControlInputs controls({"rms", "periodicity", "pitch"}, 16000);
  for (const Graph& graph : {describe(small_rave(16, 8, {4, 2}, 8), 2).decoder, describe(spherical, 0).whole,
                             describe(small_rave(4, 5, {3, 2}, 7), 3).whole, describe(small_v3(false), 2).whole,
                             describe(played, controls).decoder}) {
    const Steps steps = make_steps(graph, random_weights(graph, 4), {"audio"});
    const std::vector<Signal> inputs = random_signals(steps, 24, 2);
    for (const nr_precision precision : {NR_INT8, NR_INT16}) {
      const Lowered lowered = lower(steps, peaks_of(steps, inputs), precision);
      const std::vector<float> board = play_as_a_board(lowered, inputs);
      with_every_instruction_set([&](const std::string& name) {
        std::vector<float> heard = play(lowered, inputs)[0].rows;
        for (float& x : heard) x /= lowered.outputs[0].scale;
        EXPECT_EQ(heard, board) << name << ", precision " << precision;
      });
    }
  }
}

// Slowly, and so fast that a hundred rounds of choosing scales leave the range of a double.
TEST(IntegerStream, OfWeightsThatGrowAroundAResidualConnectionIsRefusedByName) {
  const Graph graph = describe(small_rave(4, 4, {4, 2}, 5), 2).decoder;
  for (const float by : {3e3f, 1e6f}) {
    Weights weights = random_weights(graph, 4);
    for (auto& [name, node] : weights)
      for (float& w : node.weight) w *= by;
    const Steps steps = make_steps(graph, weights, {"audio"});
    const Peaks peaks(steps.stores.size(), 1);
    EXPECT_EQ(error_of([&] { lower(steps, peaks, NR_INT8); }),
              "no scales fit this network: they grow without bound around a residual connection");
  }
}

TEST(IntegerStream, PutsALatentOnTheUnitSphereWithinTwoSteps) {
  torch::NoGradGuard no_grad;
  Graph g;
  g.output("latent", g.unit_norm(g.input("x", 5, 1)));
  const Steps steps = make_steps(g, {}, {"latent"});
  torch::manual_seed(6);
  auto x = torch::randn({1, 5, 400}) * torch::logspace(-3, 0, 400).unsqueeze(0);
  x.select(2, 7).zero_();
  const std::vector<Signal> inputs{to_signal(x)};
  const Lowered lowered = lower(steps, peaks_of(steps, inputs), NR_INT16);
  const std::vector<float> heard = play(lowered, inputs)[0].rows,
                           wanted = to_signal(GraphModule(g).run({{"x", x}})["latent"]).rows;
  const double input_step = lowered.program.inputs[0].scale, step = lowered.program.outputs[0].scale;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const double size = x.select(2, int64_t(i / 5)).norm().item<double>();
    EXPECT_NEAR(heard[i], wanted[i], size > 0 ? 2 * step + 2 * input_step / size : 0) << i;
  }
}

TEST(IntegerStream, OfSnakesNoiseAndFilledAdainSlotsStaysWithin25DbAt8BitsAnd50DbAt16) {
  const Graph decoder = describe(small_v3(), 2).decoder;
  const double eight = snr(decoder, NR_INT8), sixteen = snr(decoder, NR_INT16), exact = snr(decoder, NR_FLOAT32);
  std::printf("snakes, noise and slots: int8 %.1f dB, int16 %.1f dB, float32 %.1f dB\n", eight, sixteen, exact);
  EXPECT_GT(eight, 25);
  EXPECT_GT(sixteen, 50);
  EXPECT_GT(exact, 100);
}

// A ramp through one snake: what the phase's wrap-around, the shared table and the scales make of x + sin(a x)^2 / a.
TEST(IntegerStream, ASnakeIsWithinTwoStepsAndItsTablesRoundingOfItsFormula) {
  Graph g;
  g.output("y", g.snake("s", g.input("x", 3, 1)));
  const float rates[] = {0.05f, 1, 7};
  const Steps steps = make_steps(
      g, {{"s", {{rates[0], rates[1], rates[2]}, {1 / rates[0], 1 / rates[1], 1 / rates[2]}, {}, {}}}}, {"y"});
  Signal ramp{3, {}};
  for (int t = -2000; t <= 2000; ++t)
    for (int c = 0; c < 3; ++c) ramp.rows.push_back(t / 200.0f);
  const Lowered lowered = lower(steps, peaks_of(steps, {ramp}), NR_INT16);
  const std::vector<float> heard = play(lowered, {ramp})[0].rows;
  for (size_t i = 0; i < heard.size(); ++i) {
    const double x = ramp.rows[i], a = rates[i % 3], step = lowered.outputs[0].scale;
    EXPECT_NEAR(heard[i], x + std::pow(std::sin(a * x), 2) / a, 2 * step + 1 / (32768 * a)) << x << ", " << a;
  }
}

Filter random_filter(int outputs, int taps, int channels, double spread) {
  Random random(7);
  Filter f{outputs, taps, channels};
  for (int i = 0; i < outputs * taps * channels; ++i) f.weight.push_back(random.normal() * spread);
  for (int o = 0; o < outputs; ++o) f.bias.push_back(random.normal());
  return f;
}

TEST(Quantise, NeverLetsAnAccumulatorOverflowHoweverWideTheFilter) {
  for (const int bits : {8, 16})
    for (const int channels : {3, 64, 1000}) {
      const IntegerFilter q = quantise(random_filter(6, 7, channels, 0.1), 1e-4, 1e-1, bits);
      for (int o = 0; o < 6; ++o)
        EXPECT_LT(largest_accumulator(q, o), int64_t(1) << 31) << bits << " bits, " << channels << " channels";
    }
}

TEST(Quantise, UsesTheWholeRangeWhereThereIsRoom) {
  const IntegerFilter q = quantise(random_filter(1, 3, 8, 0.1), 1e-4, 1e-2, 8);
  int peak = 0;
  for (const int16_t w : q.weight) peak = std::max(peak, std::abs(int(w)));
  EXPECT_EQ(peak, 127);
}

TEST(Quantise, ATinyChannelWithALargeBiasKeepsItsBias) {
  Filter f{1, 1, 1};
  f.weight = {1e-9}, f.bias = {0.5};
  const double out_scale = 1.0 / 32767, in_scale = 1.0 / 32767;
  const IntegerFilter q = quantise(f, in_scale, out_scale, 8);
  EXPECT_NEAR(double(q.bias[0]) * q.multiplier[0] / 4294967296.0 * out_scale, 0.5, 1e-3);
}

TEST(Quantise, AFilterTooWideFor32BitsIsRefused) {
  Filter f{1, 1, 131072};
  f.weight.assign(131072, 0.1), f.bias = {0};
  EXPECT_THROW(quantise(f, 1e-4, 1e-2, 8), std::runtime_error);
}

TEST(IntegerStream, SilenceInGivesExactlyWhatTheBiasesSay) {  // the quantiser adds no hiss: the stream becomes constant
  const Graph decoder = describe(small_rave(4, 4, {4, 2}, 3), 1).decoder;
  const auto module = random_module(decoder, 5);
  const Steps steps = make_steps(decoder, weights_of(*module), {"audio"});
  const Peaks peaks = peaks_of(steps, in_order(steps, random_inputs(decoder, 20)));
  const Lowered lowered = lower(steps, peaks, NR_INT8);
  std::vector<std::vector<int16_t>> silence{std::vector<int16_t>(3 * 100), std::vector<int16_t>(100)};
  const std::vector<int16_t> heard = play_integers(lowered, silence);
  const size_t hop = lowered.program.hop;
  for (size_t i = heard.size() - 20 * hop; i < heard.size(); ++i) ASSERT_EQ(heard[i], heard[i - hop]);
}

}  // namespace
}  // namespace nr
