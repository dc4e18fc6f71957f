#include "nn/discriminators.h"

#include <gtest/gtest.h>

namespace nr {
namespace {

int64_t parameters(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& p : module.parameters()) sum += p.numel();
  return sum;
}

TEST(LatentDiscriminator, HasThePublishedParameterCounts) {
  EXPECT_EQ(parameters(LatentDiscriminator({}, 128, 5, 16)), 377280);
  EXPECT_EQ(parameters(LatentDiscriminator({}, 128, 1, 16)), 305344);
}

TEST(LatentDiscriminator, GivesLogitsOfEveryControlAndFrame) {
  EXPECT_EQ(LatentDiscriminator({}, 8, 3, 16).forward(torch::randn({2, 8, 20})).sizes(), (torch::IntArrayRef{2, 16, 3, 20}));
}

TEST(WaveformDiscriminator, HasThePublishedParameterCount) { EXPECT_EQ(parameters(WaveformDiscriminator({})), 16917942); }

TEST(WaveformDiscriminator, ScoresEveryScaleOnceAtTheEnd) {
  const auto scales = WaveformDiscriminator({3, 4, 2}).forward(torch::randn({2, 1, 1024}));
  ASSERT_EQ(scales.size(), 3u);
  for (const auto& scale : scales) EXPECT_EQ(scale.back().size(1), 1);
  EXPECT_EQ(scales[0].size(), 5u);
}

}  // namespace
}  // namespace nr
