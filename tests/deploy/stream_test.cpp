// The stream against LibTorch: the same numbers, tick by tick.
#include <gtest/gtest.h>

#include "deploy/network.h"
#include "graph/passes.h"
#include "models/prior.h"
#include "nn/autoencoder.h"
#include "support/errors.h"
#include "support/instruction_sets.h"

namespace nr {
namespace {

std::vector<std::string> names_of_outputs(const Graph& graph) {
  std::vector<std::string> names;
  for (const Port& port : graph.outputs()) names.push_back(port.name);
  return names;
}

// Largest difference on any output of the engine and of the boards' stream, from the first sample of the signal on,
// away from the offline network's end.
double largest_error(const Graph& graph, int ticks, int frames = 1) {
  torch::NoGradGuard no_grad;
  const auto module = random_module(graph);
  const Wires inputs = random_inputs(graph, ticks);
  const Wires wanted = module->run(inputs);
  double worst = 0;
  for (const std::string& name : names_of_outputs(graph)) {
    const Steps steps = make_steps(graph, weights_of(*module), {name}, frames);
    const Graph alone = prune(graph, {name});
    const Lowered lowered = lower(steps);
    std::vector<std::vector<float>> all{play_as_a_board(lowered, in_order(steps, inputs))};
    with_every_instruction_set(
        [&](const std::string&) { all.push_back(play(lowered, in_order(steps, inputs))[0].rows); });
    const Signal whole = to_signal(wanted.at(name));
    const int hop = graph.out(name).hop, late = steps.latency / hop * whole.channels;
    // A look-ahead reads zeros beyond the end offline, and the next tick's rows in the stream: keep clear of the end.
    const size_t size = all[0].size(),
                 end = size - (steps.latency ? whole.channels * (measure(alone).receptive_field / hop + 1) : 0);
    if (end > size) return 1e9;
    EXPECT_GT(end, size / 4) << name;
    for (const std::vector<float>& heard : all)
      for (size_t i = 0; i + late < end; ++i)
        worst = std::max(worst, std::fabs(double(whole.rows[i]) - heard[i + late]));
  }
  return worst;
}

struct Shape {
  int bands, capacity;
  std::vector<int> ratios;
  int latent, controls;
  bool causal;
};
class Streams : public testing::TestWithParam<Shape> {
 protected:
  ModelGraphs graphs() const {
    const Shape& s = GetParam();
    return describe(small_rave(s.bands, s.capacity, s.ratios, s.latent, s.causal), s.controls);
  }
};

TEST_P(Streams, TheEncoderAsLibTorchRunsIt) {
  EXPECT_LE(largest_error(graphs().encoder, GetParam().causal ? 8 : 80), 1e-5);
}
TEST_P(Streams, TheDecoderAsLibTorchRunsIt) {
  EXPECT_LE(largest_error(graphs().decoder, GetParam().causal ? 8 : 60), 1e-5);
}
TEST_P(Streams, TheWholeAsLibTorchRunsIt) {
  EXPECT_LE(largest_error(graphs().whole, GetParam().causal ? 8 : 120), 1e-5);
}
TEST_P(Streams, TicksOfThreeFramesToo) {
  EXPECT_LE(largest_error(graphs().decoder, GetParam().causal ? 9 : 60, 3), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Streams,
                         testing::Values(Shape{4, 4, {4, 2}, 3, 0, true}, Shape{8, 3, {2, 2}, 5, 1, true},
                                         Shape{16, 8, {4, 2}, 8, 3, true}, Shape{4, 5, {3, 2}, 7, 3, true},
                                         Shape{4, 4, {2, 2}, 4, 1, false}, Shape{8, 6, {4, 2}, 3, 3, false}));

TEST(Streams, SnakesNoiseAndFilledAdainSlotsAsLibTorchRunsThemWithAndWithoutLookAhead) {
  for (const bool causal : {true, false}) {
    const ModelGraphs graphs = describe(small_v3(causal), 2);
    EXPECT_LE(largest_error(graphs.decoder, causal ? 12 : 80), 1e-5) << causal;
    EXPECT_LE(largest_error(graphs.whole, causal ? 12 : 160), 1e-5) << causal;
    EXPECT_LE(largest_error(graphs.decoder, causal ? 12 : 81, 3), 1e-5) << causal;
  }
}

TEST(Streams, AnExcitationAsLibTorchRunsItWithAndWithoutLookAhead) {
  for (const bool causal : {true, false}) {
    RaveConfig v1 = small_rave(4, 6, {4, 2}, 5, causal);
    RaveV2Config v3 = small_v3(causal);
    v1.excitation.bins = v3.excitation.bins = 6, v1.film = 3;
    const ControlInputs controls({"rms", "periodicity", "pitch"}, 16000);
    for (const ModelGraphs& graphs : {describe(v1, controls), describe(v3, controls)}) {
      EXPECT_LE(largest_error(graphs.decoder, causal ? 12 : 80), 1e-5) << causal;
      EXPECT_LE(largest_error(graphs.whole, causal ? 12 : 160), 1e-5) << causal;
      EXPECT_LE(largest_error(graphs.decoder, causal ? 12 : 81, 3), 1e-5) << causal;
    }
  }
}

TEST(Streams, FilledAdainSlotsBetweenALayerAndItsFilm) {
  for (const bool causal : {true, false}) {
    RaveV2Config config = small_v3(causal);
    config.film = 4;
    EXPECT_LE(largest_error(describe(config, 2).whole, causal ? 12 : 160), 1e-5) << causal;
  }
}

TEST(Streams, RefuseAnAdainSlotThatNoConvolutionCanTakeIn) {
  Graph g;
  g.output("y", g.adain("slot", g.leaky_relu(g.input("x", 3, 1))));
  const auto module = random_module(g);
  EXPECT_EQ(error_of([&] { make_steps(g, weights_of(*module), {"y"}); }),
            "graph node 'slot': an AdaIN slot folds only into a convolution that nothing else reads, not into 'x'");
}

TEST(Streams, LeftAloneDrawTheNoiseThatLibTorchIsGivenInEvaluation) {
  torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  Autoencoder model(small_v3(), 0);
  for (auto& item : model.named_parameters())
    if (item.key().find("/noise") != std::string::npos && item.value().dim() == 1) item.value().fill_(0);
  model.eval();
  const auto latent = torch::randn({1, 5, 20});
  Weights weights;
  collect(model.decoder(), weights);
  const Lowered lowered = lower(make_steps(model.graphs().decoder, weights, {"audio"}));
  const std::vector<float> heard = play(lowered, {to_signal(latent), {}})[0].rows,
                           wanted = to_signal(model.decode(latent, {}).audio).rows;
  ASSERT_EQ(heard.size(), wanted.size());
  for (size_t i = 0; i < heard.size(); ++i) ASSERT_NEAR(heard[i], wanted[i], 1e-5) << i;
}

TEST(Streams, ALatentOnTheUnitSphereAsLibTorchPutsItThere) {
  RaveConfig config = small_rave(4, 4, {4, 2}, 5, true);
  config.latent = SphericalLatent{};
  const ModelGraphs graphs = describe(config, 0);
  EXPECT_LE(largest_error(graphs.encoder, 12), 1e-5);
  EXPECT_LE(largest_error(graphs.whole, 12), 1e-5);
  torch::NoGradGuard no_grad;
  const auto latent = random_module(graphs.encoder, 1)->run(random_inputs(graphs.encoder, 12))["mean"];
  EXPECT_LE((latent.norm(2, 1) - 1).abs().max().item<double>(), 1e-6);
}

TEST(Streams, APriorAsLibTorchRunsIt) {
  PriorConfig config;
  config.width = 10, config.mixtures = 3, config.dilations = {1, 4, 2};
  EXPECT_LE(largest_error(describe_prior(config, 5, 64), 40), 1e-5);
}

}  // namespace
}  // namespace nr
