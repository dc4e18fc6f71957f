#include "models/model.h"

#include <gtest/gtest.h>

#include "graph/passes.h"

namespace nr {
namespace {

TEST(Rave, V1HasThePublishedParameterCounts) {
  RaveConfig config;  // capacity 64, 16 bands, ratios 4 4 4 2, 128 latents
  EXPECT_NEAR(measure(describe_encoder(config)).parameters, 4.836e6, 4.836e4);  // biases and batch norm included
  EXPECT_NEAR(measure(describe_decoder(config, 0)).parameters, 12.78e6, 12.78e4);
  config.bands = 8;  // as F-RAVE: the decoder without its noise head
  EXPECT_EQ(measure(describe_encoder(config)).parameters, 4832832);
}

TEST(Rave, ControlsWidenOnlyTheDecodersFirstLayer) {
  const RaveConfig config;
  EXPECT_EQ(measure(describe_decoder(config, 5)).parameters - measure(describe_decoder(config, 0)).parameters, 5 * 1024 * 7);
}

TEST(Rave, IsCausalByDefaultAndDelaysByItsFilterBank) {
  const ModelGraphs graphs = describe(RaveConfig{}, 2);
  EXPECT_EQ(measure(graphs.whole).latency, 0);
  EXPECT_EQ(graphs.hop, 2048);
  EXPECT_EQ(graphs.delay, 377 - 16);
}

}  // namespace
}  // namespace nr
