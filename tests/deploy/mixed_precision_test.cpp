// Weights of 8 and 16 bits in one program: the rule that chooses them, and that such a program plays everywhere.
#include "deploy/mixed_precision.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/files.h"
#include "deploy/emit.h"
#include "deploy/random_network.h"
#include "support/command.h"
#include "support/errors.h"
#include "support/instruction_sets.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

struct Network {
  Steps steps;
  std::vector<Signal> inputs;
  Peaks peaks;
  std::vector<float> wanted;
  explicit Network(const Graph& graph)
      : steps(make_steps(graph, random_weights(graph, 4), {"audio"})),
        inputs(random_signals(steps, 60, 2)),
        peaks(peaks_of(steps, inputs)),
        wanted(play(lower(steps), inputs)[0].rows) {}
  double snr(const Lowered& lowered) const { return signal_to_error_db(wanted, play(lowered, inputs)[0].rows, 0); }
  ChosenPrecisions choose(double snr_db, int64_t bytes) const {
    return choose_precisions(steps, peaks, inputs, {snr_db, bytes});
  }
};

Network decoder() { return Network(describe(small_rave(16, 8, {4, 2}, 8), 2).decoder); }

int wide(const ChosenPrecisions& mixed) {
  int count = 0;
  for (const MixedLayer& layer : mixed.layers) count += layer.bits == 16;
  return count;
}

TEST(MixedPrecision, MeetsASignalToErrorBetweenThoseOf8And16BitsWithFewerBytes) {
  const Network network = decoder();
  const Lowered narrow = lower(network.steps, network.peaks, NR_INT8),
                everywhere = lower(network.steps, network.peaks, NR_INT16);
  const double low = network.snr(narrow), high = network.snr(everywhere);
  ASSERT_GT(high, low + 10);
  int before = 0;
  for (const double share : {0.1, 0.3, 0.5}) {
    const double goal = low + share * (high - low);
    const ChosenPrecisions mixed = network.choose(goal, 0);
    const Lowered lowered = lower(network.steps, network.peaks, mixed.bits);
    EXPECT_GE(mixed.snr_db, goal);
    EXPECT_DOUBLE_EQ(mixed.snr_db, network.snr(lowered)) << "it says what it plays";
    EXPECT_EQ(mixed.bytes, lowered.number_bytes());
    EXPECT_GT(wide(mixed), before);
    EXPECT_GT(mixed.bytes, narrow.number_bytes());
    EXPECT_LT(mixed.bytes, everywhere.number_bytes());
    before = wide(mixed);
  }
}

TEST(MixedPrecision, RaisesTheLayersInTheOrderOfErrorRemovedAByte) {
  const Network network = decoder();
  const double low = network.snr(lower(network.steps, network.peaks, NR_INT8));
  const ChosenPrecisions mixed = network.choose(low + 3, 0);
  double last = 1e30;
  for (const MixedLayer& layer : mixed.layers) {
    const double worth = (std::pow(10, -low / 10) - std::pow(10, -(low + layer.gain_db) / 10)) / layer.more_bytes;
    EXPECT_LE(worth, last * (1 + 1e-9)) << layer.name;
    last = worth;
  }
  for (size_t i = 1; i < mixed.layers.size(); ++i)
    EXPECT_GE(mixed.layers[i - 1].bits, mixed.layers[i].bits) << "the first ones have 16 bits";
  EXPECT_NEAR(network.choose(low + 0.01, 0).snr_db, low + mixed.layers[0].gain_db, 1e-9) << "one layer is enough";
}

TEST(MixedPrecision, KeepsToTheBytesAndTakesTheLayersThatStillFit) {
  const Network network = decoder();
  const Lowered narrow = lower(network.steps, network.peaks, NR_INT8);
  const int64_t least = narrow.number_bytes(),
                most = lower(network.steps, network.peaks, NR_INT16).number_bytes();
  double before = network.snr(narrow);
  for (const int64_t bytes : {least + (most - least) / 4, least + (most - least) / 2}) {
    const ChosenPrecisions mixed = network.choose(0, bytes);
    EXPECT_LE(mixed.bytes, bytes);
    EXPECT_GT(mixed.snr_db, before);
    for (const MixedLayer& layer : mixed.layers)
      EXPECT_TRUE(layer.bits == 16 || mixed.bytes + layer.more_bytes > bytes) << layer.name << " would fit";
    before = mixed.snr_db;
  }
  EXPECT_EQ(network.choose(0, most).bytes, most);
  EXPECT_EQ(wide(network.choose(0, least)), 0);
}

TEST(MixedPrecision, SaysByHowMuchAGoalIsMissed) {
  const Network network = decoder();
  const int64_t least = lower(network.steps, network.peaks, NR_INT8).number_bytes();
  EXPECT_EQ(error_of([&] { network.choose(0, least - 10); }),
            text("--bytes ", least - 10, ": with 8 bits everywhere weights and tables take ", least,
                 " bytes, 10 too many"));
  const PrecisionGoal far{119, 0}, narrow{60, least + 700};
  const ChosenPrecisions all = network.choose(far.snr_db, far.bytes),
                         few = network.choose(narrow.snr_db, narrow.bytes);
  EXPECT_EQ(wide(all), int(all.layers.size()));
  EXPECT_LT(all.snr_db, 119);
  EXPECT_THAT(to_text(all, far), HasSubstr(" dB less than the 119 dB asked for\n"));
  EXPECT_THAT(to_text(few, narrow),
              HasSubstr(text(" dB less than the 60 dB asked for within ", narrow.bytes, " bytes\n")));
  EXPECT_THAT(to_text(network.choose(1, 0), {1, 0}), testing::Not(HasSubstr("less than")));
}

// Convolutions of both widths around snakes, noise and AdaIN slots too.
TEST(MixedPrecision, PlaysTheSameBitsOnTheEngineAndTheBoardsStream) {
  for (const Graph& graph : {describe(small_rave(16, 8, {4, 2}, 8), 2).decoder, describe(small_v3(false), 2).whole}) {
    const Network network(graph);
    const double low = network.snr(lower(network.steps, network.peaks, NR_INT8));
    const ChosenPrecisions mixed = network.choose(low + 6, 0);
    ASSERT_GT(wide(mixed), 0);
    ASSERT_LT(wide(mixed), int(mixed.layers.size()));
    const Lowered lowered = lower(network.steps, network.peaks, mixed.bits);
    const std::vector<float> board = play_as_a_board(lowered, network.inputs);
    with_every_instruction_set([&](const std::string& name) {
      std::vector<float> heard = play(lowered, network.inputs)[0].rows;
      for (float& x : heard) x /= lowered.outputs[0].scale;
      EXPECT_EQ(heard, board) << name;
    });
  }
}

TEST(MixedPrecision, GivesItsChecksumOnACortexM7) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const Graph graph = describe(small_rave(16, 8, {4, 2}, 8), 2).decoder;
  const Network network(graph);
  const double low = network.snr(lower(network.steps, network.peaks, NR_INT8));
  Shipment shipment = ship(graph, random_weights(graph, 4), NR_INT8);
  shipment.program = lower(network.steps, network.peaks, network.choose(low + 6, 0).bits);
  shipment.test = make_test_vector(shipment.program, network.inputs,
                                   play_as_shipped(shipment.program, network.inputs), 20);
  const TemporaryFolder folder;
  const std::string header = folder / "mixed.h";
  write_file(header, [&](std::ostream& out) { emit(shipment, out); });
  const Ran ran = run_command(std::string(NR_SOURCE_DIR) + "/export/emulated/run.sh " + header + " " +
                              std::string(folder / "arm.wav") + " 0.1");
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("as expected"));
}

}  // namespace
}  // namespace nr
