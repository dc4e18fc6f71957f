// The ranges that integers cover: a wire's own where another's is far larger, and without the rarest values where all
// others need finer steps.
#include "deploy/calibrate.h"

#include <gmock/gmock.h>

#include "deploy/network.h"

namespace nr {
namespace {

using testing::ElementsAre;

Weights ones(int outputs, int inputs) {
  return {{"c", {std::vector<float>(size_t(outputs * inputs), 1), std::vector<float>(size_t(outputs), 0), {}, {}}}};
}

double snr_db(const Steps& steps, const Peaks& peaks, const std::vector<Signal>& inputs, nr_precision precision) {
  const std::vector<float> wanted = play(lower(steps), inputs)[0].rows;
  return signal_to_error_db(wanted, play(lower(steps, peaks, precision), inputs)[0].rows, 0);
}

// Sines of these amplitudes, a channel each.
Signal sines(const std::vector<double>& amplitudes, int frames) {
  Signal out{int(amplitudes.size()), {}};
  for (int t = 0; t < frames; ++t)
    for (size_t c = 0; c < amplitudes.size(); ++c)
      out.rows.push_back(float(amplitudes[c] * std::sin(0.1 * t * double(c + 1) + double(c))));
  return out;
}

TEST(Steps, AConvolutionThatIsOnlySlicedHasAStoreForEachSliceAndNoOtherOutputs) {
  Graph g;
  const Wire c = g.conv("c", g.input("x", 3, 1), {5, 1});
  g.output("audio", g.mul(g.slice(c, 3, 2), g.slice(c, 0, 2)));
  const Steps steps = make_steps(g, ones(5, 3), {"audio"});
  std::vector<int> outputs;
  for (const Step& s : steps.steps)
    if (s.op == NR_CONV) outputs.push_back(s.filter.outputs);
  EXPECT_THAT(outputs, ElementsAre(2, 2));
  EXPECT_EQ(steps.macs, 4 * 3);
  EXPECT_EQ(steps.stores.size(), 4u) << "the input, two slices, their product";
}

TEST(Steps, AConvolutionWhoseSlicesOverlapOrThatIsReadWholeStaysOne) {
  Graph overlap, whole;
  const Wire c = overlap.conv("c", overlap.input("x", 3, 1), {4, 1});
  overlap.output("audio", overlap.mul(overlap.slice(c, 0, 3), overlap.slice(c, 1, 3)));
  const Wire d = whole.conv("c", whole.input("x", 3, 1), {4, 1});
  whole.output("audio", whole.concat(d, whole.slice(d, 0, 2)));
  for (const Graph& g : {overlap, whole}) {
    const Steps steps = make_steps(g, ones(4, 3), {"audio"});
    EXPECT_EQ(steps.steps[0].op, NR_CONV);
    EXPECT_EQ(steps.steps[0].filter.outputs, 4);
    EXPECT_NE(steps.steps[1].op, NR_CONV);
  }
}

// FiLM: x + x * factor + offset, where x is ten thousands of the factor. With one scale for both no integers would fit.
TEST(IntegerStream, FactorsOfLoudActivationsHaveStepsOfTheirOwn) {
  Graph g;
  const Wire x = g.input("x", 1, 1), both = g.conv("c", g.input("controls", 2, 1), {2, 1});
  g.output("audio", g.add(g.add(x, g.mul(x, g.slice(both, 0, 1))), g.slice(both, 1, 1)));
  Weights weights{{"c", {{0.2f, 0.1f, 5000, -3000}, {0.1f, 10}, {}, {}}}};
  const Steps steps = make_steps(g, weights, {"audio"});
  const std::vector<Signal> inputs{sines({30000}, 2000), sines({1, 0.7}, 2000)};
  EXPECT_GT(snr_db(steps, peaks_of(steps, inputs), inputs, NR_INT16), 60);
}

TEST(IntegerStream, WhatAConcatAppendsHasStepsOfItsOwnWhereConvolutionsReadIt) {
  Graph g;
  const Wire x = g.input("x", 1, 1), controls = g.input("controls", 2, 1);
  g.output("audio", g.conv("c", g.concat(x, controls), {1, 1}));
  const Steps steps = make_steps(g, {{"c", {{0.5f, 5000, -4000}, {3}, {}, {}}}}, {"audio"});
  const std::vector<Signal> inputs{sines({10000}, 2000), sines({1, 0.3}, 2000)};
  EXPECT_GT(snr_db(steps, peaks_of(steps, inputs), inputs, NR_INT16), 60);
}

TEST(StoreRanges, LeaveOutAShareOfTheValuesAndNeverOfAPort) {
  Graph g;
  const Wire x = g.input("x", 1, 1);
  g.output("audio", g.tanh(g.mul(x, x)));
  const Steps steps = make_steps(g, {}, {"audio"});
  Signal signal{1, std::vector<float>(10000, 0.5f)};
  signal.rows[1234] = -4;
  const StoreRanges ranges(steps, lower(steps, false), {signal});
  EXPECT_EQ(ranges.peaks()[0], 4);
  EXPECT_EQ(ranges.peaks()[1], 16);
  EXPECT_EQ(ranges.peaks(0.5e-4)[1], 16) << "one value of 10,000 is more than the share";
  const Peaks cut = ranges.peaks(2e-4);
  EXPECT_EQ(cut[0], 4) << "an input";
  EXPECT_GE(cut[1], 0.25);
  EXPECT_LE(cut[1], 0.25 * 1.13) << "bins are an eighth of an octave";
}

// A pitch in steps of a cent drifts from the one asked for: no error of the network's.
TEST(FloatOutput, CountsPulsesByTheProgramsPitch) {
  RaveV2Config played = small_v3();
  played.excitation.bins = 6;
  const Graph decoder = describe(played, ControlInputs({"rms", "periodicity", "pitch"}, 16000)).decoder;
  const Steps steps = make_steps(decoder, random_weights(decoder, 4), {"audio"});
  const std::vector<Signal> inputs = random_signals(steps, 2000, 2);
  const Lowered program = lower(steps, peaks_of(steps, inputs), NR_INT16);
  const std::vector<float> heard = play(program, inputs)[0].rows;
  EXPECT_GT(signal_to_error_db(float_output(steps, program, inputs), heard, 0), 30);
  EXPECT_LT(signal_to_error_db(play(lower(steps), inputs)[0].rows, heard, 0), 10);
}

// A wire that is 1 at two samples and some thousandths else, in front of a tanh that is flat there already.
TEST(ChoosePeaks, CutsRareValuesWhereThatHelpsAndNothingElse) {
  Graph g;
  const Wire x = g.input("x", 1, 1), cube = g.mul(g.mul(x, x), x);
  g.output("audio", g.tanh(g.conv("c", cube, {1, 1})));
  const Steps steps = make_steps(g, {{"c", {{2000}, {0}, {}, {}}}}, {"audio"});
  std::vector<Signal> inputs{sines({0.1}, 20000)};
  const auto chosen = [&] {
    return choose_peaks(steps, StoreRanges(steps, lower(steps, false), inputs), inputs, NR_INT16);
  };
  EXPECT_EQ(chosen(), peaks_of(steps, inputs));
  inputs[0].rows[7777] = 1, inputs[0].rows[15555] = -1;
  const Peaks all = peaks_of(steps, inputs);
  EXPECT_GT(snr_db(steps, chosen(), inputs, NR_INT16), snr_db(steps, all, inputs, NR_INT16) + 6);
}

}  // namespace
}  // namespace nr
