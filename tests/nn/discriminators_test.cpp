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
  EXPECT_EQ(LatentDiscriminator({}, 8, 3, 16).forward(torch::randn({2, 8, 20}), true).sizes(),
            (torch::IntArrayRef{2, 16, 3, 20}));
}

TEST(LatentDiscriminator, GuessesTheSameInBothPassesAndCountsOnlyTheOneItLearnsFrom) {
  LatentDiscriminator discriminator({8, 2, 3}, 4, 2, 16);
  const auto latent = torch::randn({2, 4, 10});
  std::vector<torch::Tensor> before;
  for (const auto& buffer : discriminator.buffers()) before.push_back(buffer.clone());
  const auto confused = discriminator.forward(latent, false);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(before[i].equal(discriminator.buffers()[i]));
  const auto learned = discriminator.forward(latent, true);
  EXPECT_TRUE(learned.equal(confused));
  for (size_t i = 0; i < before.size(); ++i) EXPECT_FALSE(before[i].equal(discriminator.buffers()[i]));
  discriminator.eval();
  EXPECT_TRUE(discriminator.forward(latent, false).equal(discriminator.forward(latent, true)));
  EXPECT_FALSE(discriminator.forward(latent, false).equal(learned));
}

using Config = WaveformDiscriminatorConfig;

Config only_scales() { return {2, 4, 2}; }
Config only_period() { return {0, 4, 2, {3}, 4}; }
Config only_stft(std::vector<double> bands = {}) { return {0, 4, 2, {}, 4, {256}, 4, std::move(bands)}; }
Config all_kinds() { return {2, 4, 2, {2, 3}, 4, {256, 128}, 4}; }

TEST(WaveformDiscriminator, HasThePublishedParameterCounts) {
  EXPECT_EQ(parameters(WaveformDiscriminator(Config())), 16917942);
  const std::vector<int> periods{2, 3, 5, 7, 11};
  const auto rave_v2 = [](int scales, int capacity, std::vector<int> periods) {
    Config c;
    c.scales = scales, c.capacity = c.period_capacity = capacity, c.periods = std::move(periods), c.design = "rave_v2";
    return parameters(WaveformDiscriminator(c)) / 1e6;
  };
  EXPECT_NEAR(rave_v2(3, 64, {}), 7.8, 0.05);
  EXPECT_NEAR(rave_v2(3, 16, {}), 0.5, 0.05);
  EXPECT_NEAR(rave_v2(3, 96, periods), 27.1, 0.05);
  EXPECT_NEAR(rave_v2(3, 48, periods), 6.8, 0.05);
  // HiFi-GAN's 8 215 712 weights a period and EnCodec's 94 176 an STFT, each output channel with a bias and a gain.
  EXPECT_EQ(parameters(WaveformDiscriminator({0, 4, 4, {7}})), 8215712 + 2 * (32 + 128 + 512 + 1024 + 1024 + 1));
  EXPECT_EQ(parameters(WaveformDiscriminator({0, 4, 4, {}, 32, {1024}})), 94176 + 2 * (5 * 32 + 1));
}

TEST(WaveformDiscriminator, ScoresOncePerDiscriminatorAtTheEnd) {
  const auto discriminator = WaveformDiscriminator(all_kinds()).forward(torch::randn({2, 1, 1024}));
  ASSERT_EQ(discriminator.size(), 6u);
  EXPECT_EQ(discriminator[0].size(), 5u);
  EXPECT_EQ(discriminator[0].back().sizes(), (torch::IntArrayRef{2, 1, 64}));
  EXPECT_EQ(discriminator[1].back().sizes(), (torch::IntArrayRef{2, 1, 32}));
  EXPECT_EQ(discriminator[3].front().sizes(),
            (torch::IntArrayRef{6, 4, 114}));  // ceil(1024 / 3) = 342 a column, strided by 3
  EXPECT_EQ(discriminator[3].back().sizes(), (torch::IntArrayRef{6, 1, 38}));
  EXPECT_EQ(discriminator[4].front().sizes(), (torch::IntArrayRef{2, 4, 17, 129}));
  EXPECT_EQ(discriminator[4].back().sizes(), (torch::IntArrayRef{2, 1, 17, 17}));  // bins strided by 2 three times
}

TEST(WaveformDiscriminator, APeriodHearsEveryNthSampleByItself) {
  WaveformDiscriminator discriminator(only_period());
  const auto silence = torch::zeros({1, 1, 300});
  auto click = silence.clone();
  click[0][0][100] = 1;
  const auto heard = discriminator.forward(click)[0].back(), nothing = discriminator.forward(silence)[0].back();
  EXPECT_FALSE(heard[1].equal(nothing[1]));  // 100 = 33 * 3 + 1
  EXPECT_TRUE(heard[0].equal(nothing[0]));
  EXPECT_TRUE(heard[2].equal(nothing[2]));
}

TEST(WaveformDiscriminator, APeriodThatDoesNotDivideReflectsTheEnd) {
  WaveformDiscriminator discriminator(only_period());
  const auto audio = torch::randn({2, 1, 301});
  const auto longer = torch::cat({audio, audio.narrow(-1, 298, 2).flip(-1)}, -1);
  EXPECT_TRUE(discriminator.forward(audio)[0].back().equal(discriminator.forward(longer)[0].back()));
}

TEST(WaveformDiscriminator, ABandOfAnStftSeesOnlyItsOwnFrequencies) {
  WaveformDiscriminator discriminator(only_stft({0.5}));
  const auto low = torch::sin(torch::arange(2048) * 0.3).view({1, 1, -1});
  const auto both = low + torch::sin(torch::arange(2048) * 2.8).view({1, 1, -1});
  const auto a = discriminator.forward(low)[0], b = discriminator.forward(both)[0];
  ASSERT_EQ(a.size(), 2 * 5u + 1);
  const auto inner = [](const torch::Tensor& x) {
    return x.narrow(2, 4, x.size(2) - 8);
  };  // a sine reflected at its ends is no sine
  EXPECT_TRUE(inner(a[0]).allclose(inner(b[0]), 1e-3, 1e-3));
  EXPECT_FALSE(inner(a[5]).allclose(inner(b[5]), 1e-1, 1e-1));
}

std::pair<WaveformDiscriminator, WaveformDiscriminator> plain_and_normalising() {
  Config config = all_kinds();
  torch::manual_seed(3);
  WaveformDiscriminator plain(config);
  config.normalise = true;
  torch::manual_seed(3);
  return {plain, WaveformDiscriminator(config)};
}

TEST(WaveformDiscriminator, WithASlopeOfOneIsAffineAndWithAnotherIsNot) {
  const auto bend = [](double slope) {
    Config c = only_scales();
    c.slope = slope;
    torch::manual_seed(7);
    WaveformDiscriminator discriminator(c);
    const auto x = torch::randn({1, 1, 512});
    const auto score = [&](double gain) { return discriminator.forward(gain * x)[0].back(); };
    return ((score(2) - score(0)) - 2 * (score(1) - score(0))).abs().max().item<double>();
  };
  EXPECT_LT(bend(1), 1e-5);
  EXPECT_GT(bend(0.1), 1e-3);
}

TEST(WaveformDiscriminator, NormalisesEveryClipByItselfToAPeakOfFourFifths) {
  auto [plain, normalising] = plain_and_normalising();
  const auto audio = torch::randn({2, 1, 600}) * torch::tensor({0.1f, 3.f}).view({2, 1, 1}) + 0.2;
  auto by_hand = audio.clone();
  for (int64_t i = 0; i < 2; ++i) {
    by_hand[i] -= audio[i].mean();
    by_hand[i] *= 0.8 / std::max(by_hand[i].max().item<double>(), -by_hand[i].min().item<double>());
  }
  const auto wanted = plain.forward(by_hand), heard = normalising.forward(audio), raw = plain.forward(audio);
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_TRUE(heard[i].back().allclose(wanted[i].back(), 1e-3, 1e-5)) << "discriminator " << i;
    EXPECT_FALSE(heard[i].back().allclose(raw[i].back(), 1e-3, 1e-5)) << "discriminator " << i;
  }
  for (const auto& discriminator : normalising.forward(torch::zeros({1, 1, 600})))
    EXPECT_TRUE(discriminator.back().isfinite().all().item<bool>());
}

TEST(WaveformDiscriminator, NormalisationPassesItsOwnGradient) {
  auto [plain, normalising] = plain_and_normalising();
  normalising.to(torch::kDouble);
  const auto score = [discriminator = &normalising](const torch::Tensor& audio) {
    auto sum = torch::zeros({}, torch::kDouble);
    for (const auto& j : discriminator->forward(audio)) sum = sum + j.back().pow(2).mean();
    return sum;
  };
  const auto audio = torch::randn({1, 1, 600}, torch::kDouble).requires_grad_();
  score(audio).backward();
  const int64_t peak = (audio - audio.mean()).abs().argmax().item<int64_t>();
  for (const int64_t i : {peak, int64_t(7), int64_t(599)}) {
    const auto at = [&](double step) {
      const torch::NoGradGuard no_grad;
      auto moved = audio.detach().clone();
      moved.view(-1)[i] += step;
      return score(moved).item<double>();
    };
    EXPECT_NEAR(audio.grad().view(-1)[i].item<double>(), (at(1e-6) - at(-1e-6)) / 2e-6, 1e-7) << "sample " << i;
  }
  EXPECT_GT(audio.grad().abs().max().item<double>(), 1e-5);
}

TEST(WaveformDiscriminator, FiltersHaveTheirGainAndOnlyTheirDirectionIsLearned) {
  for (const Config& config : {only_scales(), only_period(), only_stft(), only_stft({0.2, 0.5})}) {
    WaveformDiscriminator discriminator(config);
    const torch::NoGradGuard no_grad;
    const auto audio = torch::randn({1, 1, 600});
    const auto scores = [&] { return discriminator.forward(audio).back().back().clone(); };
    for (auto& item : discriminator.named_parameters())
      if (item.key().find("bias") != std::string::npos) item.value().zero_();
    const auto before = scores();
    for (auto& item : discriminator.named_parameters())
      if (item.key().find("weight") != std::string::npos) item.value().mul_(3);
    EXPECT_TRUE(scores().allclose(before, 1e-4, 1e-6));
    const std::string last = discriminator.named_parameters().back().key();
    discriminator.named_parameters()[last.substr(0, last.rfind('/')) + "/gain"].mul_(2);
    EXPECT_TRUE(scores().allclose(2 * before, 1e-4, 1e-6));
  }
}

TEST(WaveformDiscriminator, EveryKindLearnsToTellNoiseFromASine) {
  Config rave_v2{2, 8, 2, {3}, 8};
  rave_v2.design = "rave_v2";
  for (const Config& config : {only_scales(), only_period(), only_stft(), only_stft({0.2, 0.5}), rave_v2}) {
    torch::manual_seed(1);
    WaveformDiscriminator discriminator(config);
    torch::optim::Adam adam(discriminator.parameters(), torch::optim::AdamOptions(1e-2));
    const auto sines = [] {
      return torch::sin(torch::arange(512) * (0.1 + torch::rand({4, 1, 1})) + 6.28 * torch::rand({4, 1, 1}));
    };
    const auto noises = [] { return 0.7 * torch::randn({4, 1, 512}); };
    for (int i = 0; i < 120; ++i) {
      auto loss = torch::zeros({});
      for (const auto& j : discriminator.forward(sines())) loss = loss + torch::relu(1 - j.back()).mean();
      for (const auto& j : discriminator.forward(noises())) loss = loss + torch::relu(1 + j.back()).mean();
      adam.zero_grad();
      loss.backward();
      adam.step();
    }
    const auto real = discriminator.forward(sines()), made = discriminator.forward(noises());
    for (size_t i = 0; i < real.size(); ++i)
      EXPECT_GT(real[i].back().mean().item<double>(), made[i].back().mean().item<double>() + 0.5)
          << discriminator.named_parameters().front().key() << " and discriminator " << i;
  }
}

}  // namespace
}  // namespace nr
