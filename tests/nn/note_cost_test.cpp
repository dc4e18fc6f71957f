// What networks of whole notes are said to cost, against the networks themselves.
#include "models/note_cost.h"

#include <gmock/gmock.h>

#include "models/cost.h"
#include "nn/parameter_count.h"
#include "nn/vocoders.h"
#include "nn/wae.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::HasSubstr;

const std::string kConfigs = std::string(NR_SOURCE_DIR) + "/configs/";

WaeConfig small() {
  WaeConfig c;
  c.window = 512, c.step = 128, c.mels = 24, c.frames = 16, c.channels = 2, c.layers = 3, c.widths = {16, 8};
  c.condition_widths = {8}, c.decoder_kernels = {3, 5, 3}, c.conditions = {"semitone"};
  return c;
}

TEST(NoteCost, CountsTheWeightsOfTheNetworks) {
  for (const bool film : {true, false})
    for (const bool norm : {true, false})
      for (const int64_t classes : {0, 12}) {
        WaeConfig c = small();
        c.film = film, c.conditional_norm = norm, c.latent = film ? "plain" : "gaussian";
        EXPECT_EQ(decoder_cost(c, classes, 8000).parameters, count_parameters(WaeDecoder(c, classes)))
            << film << norm << classes;
        EXPECT_EQ(encoder_cost(c, 8000).parameters, count_parameters(WaeEncoder(c, 8000))) << film;
      }
  VocoderConfig c;
  c.window = 512, c.step = 128, c.mels = 20, c.heads = 3, c.channels = 8, c.width = 12, c.blocks = 2;
  for (const char* network : {"mcnn", "vocos", "vocos_steps"}) {
    c.network = network;
    EXPECT_EQ(vocoder_cost(c, 8000).parameters, count_parameters(*make_vocoder(c))) << network;
  }
}

TEST(NoteCost, CountsTheWorkOfANote) {
  WaeConfig c = small();
  c.layers = 1, c.widths = {}, c.latent_size = 3, c.decoder_kernels = {3, 1};
  // 3 -> 2 x 12 x 8; 2 -> 4 channels at 24 x 16 by 3 x 3; 4 -> 1 by 1 x 1.
  const NoteCost cost = decoder_cost(c, 0, 8000);
  EXPECT_EQ(cost.macs, 3 * 192 + 2 * 4 * 9 * 24 * 16 + 4 * 24 * 16);
  EXPECT_EQ(cost.activations, (2 + 4) * 24 * 16) << "what the first convolution reads and writes";
  EXPECT_NEAR(cost.seconds, 16 * 128 / 8000.0, 1e-9);
}

TEST(NoteCost, IsMeasuredFromAConfig) {
  const Cost notes = cost_of(config::load(kConfigs + "wae/wae_fader.yaml"));
  ASSERT_EQ(notes.notes.size(), 2u);
  EXPECT_THAT(notes.notes[0], HasSubstr("decoder, a note of 1.49 s: "));
  EXPECT_THAT(notes.notes[0], HasSubstr("fit its SDRAM (64 MB), but not its QSPI flash"));
  EXPECT_THAT(notes.notes[1], HasSubstr("100 rounds of Griffin-Lim"));
  EXPECT_GT(notes.decoder, cost_of(config::load(kConfigs + "wae/wae_mmd.yaml")).decoder) << "it reads conditions";
  const Cost little = cost_of(config::load(std::string(NR_SOURCE_DIR) + "/experiments/wae_fader/wae_fader.yaml"));
  EXPECT_THAT(little.notes[0], HasSubstr("fit its QSPI flash"));
  EXPECT_THAT(cost_of(config::load(kConfigs + "vocoder/vocos.yaml")).notes[0], HasSubstr("vocos"));
}

}  // namespace
}  // namespace nr
