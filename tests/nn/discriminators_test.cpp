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
  EXPECT_EQ(LatentDiscriminator({}, 8, 3, 16).forward(torch::randn({2, 8, 20}), true).sizes(), (torch::IntArrayRef{2, 16, 3, 20}));
}

TEST(LatentDiscriminator, GuessesTheSameInBothPassesAndCountsOnlyTheOneItLearnsFrom) {
  LatentDiscriminator judge({8, 2, 3}, 4, 2, 16);
  const auto latent = torch::randn({2, 4, 10});
  std::vector<torch::Tensor> before;
  for (const auto& buffer : judge.buffers()) before.push_back(buffer.clone());
  const auto confused = judge.forward(latent, false);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(before[i].equal(judge.buffers()[i]));
  const auto learned = judge.forward(latent, true);
  EXPECT_TRUE(learned.equal(confused));
  for (size_t i = 0; i < before.size(); ++i) EXPECT_FALSE(before[i].equal(judge.buffers()[i]));
  judge.eval();
  EXPECT_TRUE(judge.forward(latent, false).equal(judge.forward(latent, true)));
  EXPECT_FALSE(judge.forward(latent, false).equal(learned));
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
