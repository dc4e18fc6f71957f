#include "models/model.h"

#include <gtest/gtest.h>

#include "config/reader.h"
#include "graph/passes.h"
#include "support/errors.h"

namespace nr {
namespace {

ModelConfig preset(const std::string& name) {
  const config::Value root = config::load(std::string(NR_SOURCE_DIR "/configs/models/") + name + ".yaml");
  ModelConfig model;
  config::Reader::read(*root.find("model"), model, "model");
  return model;
}

struct Published {
  const char* preset;
  double encoder, decoder;  // parameters as trained
  int hop;
};

// Within a per cent, though the noise branch is left out: 0.04 M of v1's decoder, less of the others.
TEST(Models, HaveThePublishedParameterCounts) {
  for (const Published& row : {Published{"v1", 4.83e6, 12.78e6, 2048}, {"raspberry", 0.43e6, 0.97e6, 2048}, {"brave", 0.94e6, 3.25e6, 128},
                               {"v2", 16.06e6, 15.48e6, 2048}}) {
    const ModelGraphs graphs = describe(preset(row.preset), 0);
    EXPECT_NEAR(measure(graphs.encoder).training_parameters, row.encoder, 0.01 * row.encoder) << row.preset;
    EXPECT_NEAR(measure(graphs.decoder).training_parameters, row.decoder, 0.01 * row.decoder) << row.preset;
    EXPECT_EQ(graphs.hop, row.hop) << row.preset;
    EXPECT_EQ(measure(graphs.whole).latency, 0) << row.preset;
  }
  // The published 3.82 M of v2_small's decoder hold 0.16 M of a noise branch.
  EXPECT_NEAR(measure(describe(preset("v2_small"), 0).encoder).training_parameters, 3.95e6, 3.95e4);
  EXPECT_NEAR(measure(describe(preset("v2_small"), 0).decoder).training_parameters, 3.66e6, 3.66e4);
}

TEST(Models, ForADaisyHaveTheSizesMeasuredOnIt) {
  for (const auto& [name, parameters] : {std::pair{"daisy_xs", 29696}, {"daisy_s", 62720}, {"daisy_m", 162304}, {"daisy_l", 324096}})
    EXPECT_EQ(measure(describe(preset(name), 6).decoder).parameters, parameters) << name;
}

TEST(Models, OfFRavesEightBandsHaveThePaperProgramsEncoder) {
  RaveConfig config;
  config.bands = 8;
  EXPECT_EQ(measure(describe(config, 0).encoder).parameters, 4832832);
}

TEST(Models, ControlsWidenOnlyTheDecodersFirstLayer) {
  const auto parameters = [](const ModelConfig& c, int controls) { return measure(describe(c, controls).decoder).parameters; };
  const ModelConfig v1 = preset("v1"), v2 = preset("v2");
  EXPECT_EQ(parameters(v1, 5) - parameters(v1, 0), 5 * 1024 * 7);
  EXPECT_EQ(parameters(v2, 5) - parameters(v2, 0), 5 * 1536 * 3);
}

TEST(Models, OfADeterministicLatentHaveNoScale) {
  for (const char* name : {"v1", "v2"}) {
    ModelConfig config = preset(name);
    std::visit([](BandsConfig& c) { c.latent = PlainLatent{}; }, config);
    const ModelGraphs graphs = describe(config, 0);
    EXPECT_EQ(graphs.encoder.out("mean").channels, graphs.latent_size) << name;
    EXPECT_ANY_THROW(graphs.encoder.out("scale")) << name;
    EXPECT_LT(measure(graphs.encoder).parameters, measure(describe(preset(name), 0).encoder).parameters) << name;
  }
}

TEST(Models, OfPrincipalComponentsTakeAndGiveThatMany) {
  const ModelGraphs graphs = describe(preset("daisy_m"), 2, 3);
  EXPECT_EQ(graphs.encoder.out("mean").channels, 3);
  EXPECT_EQ(graphs.decoder.in("latent").channels, 3);
  EXPECT_EQ(graphs.hash(), describe(preset("daisy_m"), 2).hash());  // the model itself is the same
}

TEST(Models, WithFilmStayCausalAndGrowLittle) {
  for (const char* name : {"v1", "v2", "brave", "daisy_m"}) {
    ModelConfig plain = preset(name), film = preset(name);
    std::visit([](BandsConfig& c) { c.film = 16; }, film);
    const Measure before = measure(describe(plain, 5).decoder), after = measure(describe(film, 5).decoder);
    EXPECT_GT(after.parameters, before.parameters) << name;
    EXPECT_LT(after.parameters, 1.1 * before.parameters) << name;
    EXPECT_LT(after.macs_per_sample, 1.2 * before.macs_per_sample) << name;
    EXPECT_EQ(after.latency, 0) << name;
    EXPECT_EQ(describe(film, 0).hash(), describe(plain, 0).hash()) << name << ": without controls there is nothing to bring";
  }
}

TEST(Models, RefuseListsThatDoNotFitTheirRatios) {
  RaveV2Config config;
  config.ratios = {4, 4};
  EXPECT_EQ(error_of([&] { describe(config, 0); }), "model.dilations has 4 lists for 2 ratios: expected one each");
  config.dilations = {{1}, {1}};
  config.widths = {8, 16};
  EXPECT_EQ(error_of([&] { describe(config, 0); }), "model.widths has 2 channels for 2 ratios: expected one more than ratios");
}

TEST(Models, AreCausalByDefaultAndDelayByTheirFilterBank) {
  const ModelGraphs graphs = describe(preset("v1"), 2);
  EXPECT_EQ(measure(graphs.whole).latency, 0);
  EXPECT_EQ(graphs.hop, 2048);
  EXPECT_EQ(graphs.delay, 377 - 16);
}

}  // namespace
}  // namespace nr
