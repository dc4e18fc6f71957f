#include "models/model.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "config/reader.h"
#include "graph/passes.h"
#include "models/discriminators.h"
#include "support/errors.h"

namespace nr {
namespace {

BandsConfig& bands_of(AutoencoderConfig& config) {
  if (auto* rave = std::get_if<RaveConfig>(&config)) return *rave;
  return std::get<RaveV2Config>(config);
}

AutoencoderConfig preset(const std::string& name) {
  const config::Value root = config::load(std::string(NR_SOURCE_DIR "/configs/models/") + name + ".yaml");
  AutoencoderConfig model;
  config::Reader::read(*root.find("model"), model, "model");
  return model;
}

struct Published {
  const char* preset;
  double encoder, decoder;  // parameters as trained
  int hop;
};

TEST(Models, HaveThePublishedParameterCounts) {
  for (const Published& row : {Published{"v1", 4.83e6, 12.78e6, 2048},
                               {"raspberry", 0.43e6, 0.97e6, 2048},
                               {"brave", 0.94e6, 3.25e6, 128},
                               {"v2", 16.06e6, 15.48e6, 2048},
                               {"v2_small", 3.95e6, 3.82e6, 512}}) {
    const ModelGraphs graphs = describe(preset(row.preset), 0);
    EXPECT_NEAR(measure(graphs.encoder).training_parameters, row.encoder, 0.01 * row.encoder) << row.preset;
    EXPECT_NEAR(measure(graphs.decoder).training_parameters, row.decoder, 0.01 * row.decoder) << row.preset;
    EXPECT_EQ(graphs.hop, row.hop) << row.preset;
    EXPECT_EQ(measure(graphs.whole).latency, 0) << row.preset;
  }
}

TEST(Models, V3IsV2WithANumberAChannelForEverySnake) {
  const ModelGraphs v2 = describe(preset("v2"), 0), v3 = describe(preset("v3"), 0);
  // Two snakes a residual unit (eleven units), one before every change of rate, one at the end.
  const int units[] = {3, 3, 3, 2}, narrow = 96;
  int encoder = 16 * narrow, decoder = narrow;
  for (int i = 0; i < 4; ++i)
    encoder += (2 * units[i] + 1) * (narrow << i), decoder += 2 * units[i] * (narrow << i) + (narrow << (i + 1));
  EXPECT_EQ(measure(v3.encoder).parameters - measure(v2.encoder).parameters, encoder);
  EXPECT_EQ(measure(v3.decoder).parameters - measure(v2.decoder).parameters, decoder);
}

TEST(Models, V3HasAnAdainSlotBeforeTheResidualUnitsOfEveryStage) {
  const ModelGraphs v2 = describe(preset("v2"), 0), v3 = describe(preset("v3"), 0);
  for (const auto& [graph, side] : {std::pair{&v3.encoder, "encoder/"}, {&v3.decoder, "decoder/"}}) {
    std::vector<std::string> slots;
    for (const Node& n : graph->nodes()) {
      if (n.op != NR_ADAIN) continue;
      slots.push_back(n.name);
      int readers = 0;
      for (const Node& reader : graph->nodes())
        readers += std::count(reader.in.begin(), reader.in.end(), int(&n - graph->nodes().data()));
      EXPECT_EQ(readers, 2) << "the unit's first snake and its sum";
    }
    std::vector<std::string> expected;
    for (int i = 0; i < 4; ++i) expected.push_back(text(side, i, "/adain"));
    EXPECT_EQ(slots, expected);
  }
  for (const Node& n : v2.whole.nodes()) EXPECT_NE(n.op, NR_ADAIN);
}

// Three convolutions of v1: 64 -> 64 -> 64 -> 16 bands of 5 bins, kernel 3. Three of v2_small: 48 -> 64 -> 64 -> 16 of
// 32, kernel 4.
TEST(Models, NoiseBranchesHaveThePublishedLayers) {
  const int v1 = 64 * 64 * 3 * 2 + 64 * 80 * 3 + 64 + 64 + 80,
            v2_small = (48 * 64 + 64 * 64 + 64 * 512) * 4 + 64 + 64 + 512;
  for (const auto& [name, layers] : {std::pair{"v1", v1}, {"v2_small", v2_small}}) {
    AutoencoderConfig with = preset(name), without = with;
    bands_of(without).noise = {};
    EXPECT_EQ(measure(describe(with, 0).decoder).parameters - measure(describe(without, 0).decoder).parameters, layers)
        << name;
    EXPECT_EQ(describe(with, 0).decoder.in("noise").hop, 16) << name;
    EXPECT_EQ(describe(with, 0).whole.in("noise").channels, 16) << name;
  }
}

TEST(Models, RefuseNoiseSlowerThanTheirLatent) {
  RaveConfig config;
  config.noise.ratios = {16, 16};
  EXPECT_EQ(error_of([&] { describe(config, 0); }),
            "model.noise.ratios make spectra every 4096 samples: expected a divisor of the hop of 2048");
}

// A new operation or field must not change the hashes of earlier runs.
TEST(Models, KeepTheHashesThatCheckpointsCarry) {
  EXPECT_EQ(describe(RaveConfig{}, 3).hash(), 0x3b5190386405b541u);
  EXPECT_EQ(describe(RaveV2Config{}, 0).hash(), 0x0cbc9b11480bfc11u);
}

TEST(Models, ForADaisyHaveTheSizesMeasuredOnIt) {
  for (const auto& [name, parameters] :
       {std::pair{"daisy_xs", 29696}, {"daisy_s", 62720}, {"daisy_m", 162304}, {"daisy_l", 324096}})
    EXPECT_EQ(measure(describe(preset(name), 6).decoder).parameters, parameters) << name;
}

TEST(Models, OfFRavesEightBandsHaveThePaperProgramsEncoder) {
  RaveConfig config;
  config.bands = 8;
  EXPECT_EQ(measure(describe(config, 0).encoder).parameters, 4832832);
}

TEST(Models, ControlsWidenOnlyTheDecodersFirstLayer) {
  const auto parameters = [](const AutoencoderConfig& c, int controls) {
    return measure(describe(c, controls).decoder).parameters;
  };
  const AutoencoderConfig v1 = preset("v1"), v2 = preset("v2");
  EXPECT_EQ(parameters(v1, 5) - parameters(v1, 0), 5 * 1024 * 7);
  EXPECT_EQ(parameters(v2, 5) - parameters(v2, 0), 5 * 1536 * 3);
}

TEST(Models, OfADeterministicLatentHaveNoScale) {
  for (const char* name : {"v1", "v2"}) {
    AutoencoderConfig config = preset(name);
    bands_of(config).latent = PlainLatent{};
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
    AutoencoderConfig plain = preset(name), film = preset(name);
    bands_of(film).film = 16;
    const Measure before = measure(describe(plain, 5).decoder), after = measure(describe(film, 5).decoder);
    EXPECT_GT(after.parameters, before.parameters) << name;
    EXPECT_LT(after.parameters, 1.1 * before.parameters) << name;
    EXPECT_LT(after.macs_per_sample, 1.2 * before.macs_per_sample) << name;
    EXPECT_EQ(after.latency, 0) << name;
    EXPECT_EQ(describe(film, 0).hash(), describe(plain, 0).hash())
        << name << ": without controls there is nothing to bring";
  }
}

// 16 bands and eight ratios of 16: 2^36 samples, which an int holds as 0.
TEST(Models, RefuseRatiosWhoseHopIsTooLong) {
  RaveConfig rave;
  rave.ratios.assign(8, 16);
  const std::string too_long =
      "model.ratios: their product of 4.29497e+09 times 16 bands makes a hop of 6.87195e+10 samples, expected at most "
      "65536";
  EXPECT_EQ(error_of([&] { hop(AutoencoderConfig(rave)); }), too_long);
  EXPECT_EQ(error_of([&] { describe(rave, 0); }), too_long);
  RaveV2Config v2;
  v2.ratios = {16, 16, 16, 2};
  EXPECT_EQ(error_of([&] { describe(v2, 0); }),
            "model.ratios: their product of 8192 times 16 bands makes a hop of 131072 samples, expected at most 65536");
  v2.ratios = {16, 16, 16, 1};
  EXPECT_EQ(hop(v2), 65536);
}

TEST(Models, RefuseNotesThatAreTooLong) {
  MelVaeConfig mel;
  mel.frames = 4096, mel.step = 4096;
  const std::string too_long =
      "model.frames: 4096 frames times a step of 4096 make a hop of 1.67772e+07 samples, expected at most 1048576";
  EXPECT_EQ(error_of([&] { hop(AutoencoderConfig(mel)); }), too_long);
  EXPECT_EQ(error_of([&] { describe(mel, 0); }), too_long);
  mel.step = 256;
  EXPECT_EQ(hop(mel), 1048576);
}

TEST(Models, RefuseCapacitiesThatDoubleTooOften) {
  RaveConfig rave;
  rave.ratios.assign(40, 1);
  EXPECT_EQ(error_of([&] { describe(rave, 0); }),
            "model.capacity: 64 channels, doubled at each of 40 ratios, become 7.03687e+13, expected at most 16384");
  RaveV2Config v2;
  v2.capacity = 2048;
  EXPECT_EQ(error_of([&] { describe(v2, 0); }),
            "model.capacity: 2048 channels, doubled at each of 4 ratios, become 32768, expected at most 16384");
}

TEST(Models, RefuseNoiseRatiosThatPassEveryInteger) {
  RaveConfig config;
  config.noise.ratios.assign(8, 16);
  EXPECT_EQ(error_of([&] { describe(config, 0); }),
            "model.noise.ratios make spectra every 6.87195e+10 samples: expected a divisor of the hop of 2048");
}

TEST(Models, RefuseSizesOutOfRangeWithFileAndLine) {
  const auto error = [](const std::string& field) {
    return error_of([&] {
      AutoencoderConfig model;
      config::Reader::read(config::parse_text("type: rave\n" + field, "x.yaml"), model, "model");
    });
  };
  EXPECT_EQ(error("latent_size: 2000000000"), "x.yaml:2: model.latent_size: 2000000000 is outside [1, 4096]");
  EXPECT_EQ(error("capacity: 2000000000"), "x.yaml:2: model.capacity: 2000000000 is outside [2, 16384]");
  EXPECT_EQ(error("dilations: [1, 2000000000]"), "x.yaml:2: model.dilations.1: 2000000000 is outside [1, 4096]");
}

TEST(LatentDiscriminator, RefusesAnEvenKernelWithFileAndLine) {
  const auto error = [](const std::string& kernel) {
    return error_of([&] {
      LatentDiscriminatorConfig c;
      config::Reader::read(config::parse_text("width: 8\nkernel: " + kernel, "x.yaml"), c, "latent_discriminator");
    });
  };
  EXPECT_EQ(error("6"),
            "x.yaml:2: latent_discriminator.kernel: unknown value '6' (there are: 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, "
            "21, 23, 25, 27, 29, 31)");
  EXPECT_EQ(error("31"), "no error");
}

TEST(Models, RefuseListsThatDoNotFitTheirRatios) {
  RaveV2Config config;
  config.ratios = {4, 4};
  EXPECT_EQ(error_of([&] { describe(config, 0); }), "model.dilations has 4 lists for 2 ratios: expected one each");
  config.dilations = {{1}, {1}};
  config.widths = {8, 16};
  EXPECT_EQ(error_of([&] { describe(config, 0); }),
            "model.widths has 2 channels for 2 ratios: expected one more than ratios");
}

TEST(Models, AreCausalByDefaultAndDelayByTheirFilterBank) {
  const ModelGraphs graphs = describe(preset("v1"), 2);
  EXPECT_EQ(measure(graphs.whole).latency, 0);
  EXPECT_EQ(graphs.hop, 2048);
  EXPECT_EQ(graphs.delay, 377 - 16);
}

TEST(Models, AnExcitationNeedsItsControlsAndTheirRate) {
  RaveConfig rave;
  rave.excitation.bins = 8;
  EXPECT_EQ(error_of([&] { describe(rave, 2); }),
            "model.excitation plays at a pitch: it needs pitch and periodicity among descriptors.controls");
  EXPECT_EQ(error_of([&] { describe(rave, {{"pitch", "periodicity"}, 0}); }),
            "model.excitation needs data.sample_rate");
  const ModelGraphs at_16 = describe(rave, {{"pitch", "periodicity"}, 16000});
  EXPECT_NE(at_16.hash(), describe(rave, {{"pitch", "periodicity"}, 48000}).hash());
  EXPECT_NE(at_16.hash(), describe(rave, {{"periodicity", "pitch"}, 16000}).hash());
  EXPECT_TRUE(has_excitation(rave));
  EXPECT_FALSE(has_excitation(RaveConfig{}));
}

// What an excitation costs, against the same decoder without it.
TEST(Models, AnExcitationCostsTheDemosDecoderLessThanAThirdMore) {
  RaveConfig rave;
  rave.capacity = 16, rave.ratios = {4, 4, 2}, rave.latent_size = 16, rave.film = 8;
  const ControlInputs controls({"rms", "centroid", "pitch", "periodicity"}, 16000);
  const double without = measure(describe(rave, controls).decoder).macs_per_sample;
  rave.excitation.bins = 5;
  EXPECT_LT(measure(describe(rave, controls).decoder).macs_per_sample, without * 4 / 3);
}

}  // namespace
}  // namespace nr
