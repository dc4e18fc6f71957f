#include "models/cost.h"

#include <gmock/gmock.h>

#include "models/model.h"
#include "support/errors.h"

namespace nr {
namespace {

const std::string kConfigs = NR_SOURCE_DIR "/configs/";

struct Published {
  const char* preset;
  double encoder_macs, decoder_macs;  // millions a second at 44.1 kHz, without the filter bank
};

// Counts from the layers of the published programs; the noise branch's and v1's heads are counted in both.
TEST(Cost, IsThePublishedWorkOfThePresetsWithinFivePerCent) {
  for (const Published& row : {Published{"v1", 243, 1790},
                               {"raspberry", 21.5, 119},
                               {"v2", 1579, 1596},
                               {"v2_small", 777, 840},
                               {"brave", 357, 2466}}) {
    const Cost cost = cost_of(config::load(kConfigs + "models/" + row.preset + ".yaml"));
    EXPECT_NEAR(cost.encoder_macs / 1e6, row.encoder_macs, 0.05 * row.encoder_macs) << row.preset;
    EXPECT_NEAR(cost.decoder_macs / 1e6, row.decoder_macs, 0.05 * row.decoder_macs) << row.preset;
  }
}

TEST(Cost, CountsControlsAndTheRateOfTheConfig) {
  const Cost plain = cost_of(config::load(kConfigs + "models/daisy_m.yaml"));
  const Cost steered = cost_of(config::load(kConfigs + "rave/f_rave.yaml+" + kConfigs + "models/daisy_m.yaml"));
  EXPECT_EQ(plain.sample_rate, 48000);
  EXPECT_EQ(steered.decoder - plain.decoder, 3 * 96 * 3) << "three controls, a kernel of 3 into 96 channels";
  EXPECT_EQ(steered.encoder, plain.encoder);
  EXPECT_EQ(plain.hop, 512);
  EXPECT_EQ(plain.latency, 377 - 16 + 512);
}

TEST(Cost, OfALatentWithOneStatisticLeavesOutTheScale) {
  for (const char* file : {"rave/wae.yaml", "rave/spherical.yaml", "rave/plain.yaml"}) {
    config::Value root = config::load(kConfigs + file);
    const Cost cost = cost_of(root);
    config::set(root, "model.latent", "{type: gaussian}");
    const Cost gaussian = cost_of(root);
    EXPECT_GT(cost.encoder, 0) << file;
    EXPECT_LT(cost.encoder, gaussian.encoder) << file;
    EXPECT_EQ(cost.decoder, gaussian.decoder) << file;
  }
}

TEST(Cost, RefusesAConfigWithoutAModel) {
  EXPECT_THAT(error_of([] { cost_of(config::parse_text("data: {}", "x.yaml")); }),
              testing::HasSubstr("there is no model to measure"));
}

TEST(Cost, RefusesARateAndAHopThatNoModelHas) {
  EXPECT_EQ(error_of([] { cost_of(config::parse_text("model: {type: rave}\ndata: {sample_rate: 0}", "x.yaml")); }),
            "x.yaml:2: data.sample_rate: 0 must be at least 1");
  EXPECT_EQ(
      error_of([] { cost_of(config::parse_text("model: {type: rave, ratios: [16, 16, 16, 16]}", "x.yaml")); }),
      "model.ratios: their product of 65536 times 16 bands makes a hop of 1.04858e+06 samples, expected at most 65536");
}

// Four residual units that reach 8192 frames back, in the scale whose frames are 65536 samples: 2^31 samples.
TEST(Cost, CountsAReceptiveFieldThatNoIntHolds) {
  const Cost cost = cost_of(config::parse_text(
      "model: {type: rave, capacity: 2, ratios: [1, 16, 16, 16], dilations: [4096, 4096, 4096, 4096]}", "x.yaml"));
  EXPECT_GT(cost.receptive_field, int64_t(1) << 31);
}

TEST(Cost, IsOneLineOfATableAConfig) {
  Cost cost;
  cost.encoder = 1500000, cost.decoder = 2250000, cost.encoder_macs = 12.34e6, cost.hop = 512, cost.latency = 4410,
  cost.receptive_field = 44100;
  EXPECT_THAT(to_table({{"a.yaml", cost}}),
              testing::EndsWith("| a.yaml | 1.500 | 2.250 | 12.3 | 0.0 | 0.0 | 44100 | 512 | 100.0 | 1000 |\n"));
}

TEST(Cost, ListsTheLayersFromSoundToSound) {
  const Cost cost = cost_of(config::load(kConfigs + "models/daisy_m.yaml"));
  double macs = 0;
  int64_t parameters = 0;
  for (const LayerCost& l : cost.layers) macs += l.macs_per_sample, parameters += l.parameters;
  EXPECT_NEAR(macs * cost.sample_rate, cost.encoder_macs + cost.decoder_macs + cost.filter_bank_macs, 1);
  EXPECT_GT(parameters, 150000);
  ASSERT_FALSE(cost.layers.empty());
  EXPECT_THAT(layer_table(cost.layers), testing::HasSubstr("| convolution | 1 → 16, kernel 377"));
}

// Every network as RAVE, C-RAVE and F-RAVE, with one control or several: "family+network" is all it takes.
TEST(Presets, AnyFamilyTakesAnyNetwork) {
  for (const char* network :
       {"v1", "v2", "v2_small", "v3", "brave", "raspberry", "daisy_xs", "daisy_s", "daisy_m", "daisy_l"}) {
    const std::string file = kConfigs + "models/" + network + ".yaml";
    const Cost alone = cost_of(config::load(file)), rave = cost_of(config::load(kConfigs + "rave/rave.yaml+" + file));
    EXPECT_EQ(rave.decoder, alone.decoder) << network;
    for (const char* family : {"c_rave", "f_rave", "consistent"}) {
      config::Value root = config::load(kConfigs + "rave/" + family + ".yaml+" + file);
      const Cost three = cost_of(root);
      config::set(root, "descriptors.controls=[centroid]");
      const Cost one = cost_of(root);
      EXPECT_EQ(three.encoder, alone.encoder) << family << " " << network;
      EXPECT_GT(three.decoder, one.decoder) << family << " " << network;
      EXPECT_GT(one.decoder, alone.decoder) << family << " " << network;
      EXPECT_EQ(three.hop, alone.hop) << family << " " << network;
    }
  }
}

}  // namespace
}  // namespace nr
