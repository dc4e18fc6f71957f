#include "nn/graph_module.h"

#include <gtest/gtest.h>

#include "export/runtime/noise.h"
#include "models/model.h"
#include "nn/autoencoder.h"

namespace nr {
namespace {

RaveConfig tiny() {
  RaveConfig c;
  c.bands = 4, c.capacity = 4, c.ratios = {4, 2}, c.latent_size = 3;
  return c;
}

TEST(GraphModule, ACausalGraphsOutputDependsOnNothingAfterItsTick) {
  torch::manual_seed(1);
  const ModelGraphs graphs = describe(tiny(), 2);
  GraphModule whole(graphs.whole);
  whole.eval();
  torch::NoGradGuard no_grad;
  const auto x = torch::randn({1, 1, 32 * 16}), c = torch::randn({1, 2, 16});
  auto later = x.clone(), later_c = c.clone();
  later.narrow(-1, 32 * 8, 32 * 8).normal_();
  later_c.narrow(-1, 8, 8).normal_();
  const auto a = whole.run({{"audio", x}, {"controls", c}})["audio"],
             b = whole.run({{"audio", later}, {"controls", later_c}})["audio"];
  EXPECT_EQ(a.size(-1), 32 * 16);
  EXPECT_TRUE(a.narrow(-1, 0, 32 * 8).allclose(b.narrow(-1, 0, 32 * 8), 0, 1e-6));
  EXPECT_FALSE(a.allclose(b));
}

TEST(GraphModule, FilterBankReconstructsNoiseWithin59DecibelsAfterItsDelay) {
  const RaveConfig config = tiny();
  const ModelGraphs graphs = describe(config, 0);
  GraphModule encoder(graphs.encoder), synthesis(graphs.synthesis);
  torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  const auto x = torch::randn({1, 1, 4096});
  const auto y = synthesis.run({{"bands", encoder.run({{"audio", x}})["bands"]}})["audio"];
  const auto error = (y.narrow(-1, graphs.delay + 512, 2048) - x.narrow(-1, 512, 2048)).pow(2).mean() /
                     x.narrow(-1, 512, 2048).pow(2).mean();
  EXPECT_LT(10 * std::log10(error.item<double>()), -59);
}

TEST(GraphModule, ANonCausalFilterBankIsAlignedWithinOneBandFrame) {
  RaveConfig config = tiny();
  config.causal = false;
  EXPECT_LE(std::abs(describe(config, 0).delay), config.bands);
}

// y.sum()'s gradient against central differences, input by input and weight by weight.
void expect_gradients(GraphModule& module, Wires inputs) {
  module.to(torch::kDouble);
  const auto mixed = [&] {
    const auto y = module.run(inputs)["y"];
    return (y * torch::linspace(-1, 2, y.numel(), torch::kDouble).reshape(y.sizes())).sum();
  };
  std::map<std::string, torch::Tensor> leaves;
  for (auto& [name, x] : inputs) leaves[name] = x.to(torch::kDouble).requires_grad_();
  inputs = {leaves.begin(), leaves.end()};
  for (const auto& item : module.named_parameters()) leaves[item.key()] = item.value();
  mixed().backward();
  const torch::NoGradGuard no_grad;
  for (auto& [name, x] : leaves)
    for (int64_t i = 0; i < x.numel(); ++i) {
      const double step = 1e-5, at = x.view(-1)[i].item<double>();
      x.view(-1)[i] = at + step;
      const double up = mixed().item<double>();
      x.view(-1)[i] = at - step;
      const double down = mixed().item<double>();
      x.view(-1)[i] = at;
      EXPECT_NEAR(x.grad().view(-1)[i].item<double>(), (up - down) / (2 * step), 1e-6) << name << " " << i;
    }
}

TEST(GraphModule, ASnakeAddsASquaredSineAndItsGradientsAreFiniteDifferences) {
  torch::manual_seed(2);
  Graph g;
  g.output("y", g.snake("s", g.input("x", 3, 1)));
  GraphModule module(g);
  const auto x = torch::randn({2, 3, 5}) * 3;
  {
    const torch::NoGradGuard no_grad;
    EXPECT_TRUE(module.run({{"x", x}})["y"].allclose(x + torch::sin(x).square()));
    module.named_parameters()["s/weight"].uniform_(0.3, 3);
  }
  expect_gradients(module, {{"x", x}});
}

TEST(GraphModule, AFrameFilterIsItsSumAndItsGradientsAreFiniteDifferences) {
  torch::manual_seed(3);
  Graph g;
  const std::vector<float> responses{0.5f, 0.2f, -0.1f, 0.1f, 0.3f, 0.6f};  // two bins of three taps
  g.output("y", g.frame_filter("f", g.input("amplitudes", 4, 8), g.input("noise", 2, 2), responses));
  GraphModule module(g);
  const auto a = torch::randn({2, 4, 3}), u = torch::rand({2, 2, 12}) * 2 - 1;
  const auto y = module.run({{"amplitudes", a}, {"noise", u}})["y"];
  ASSERT_EQ(y.sizes(), u.sizes());
  for (int n = 0; n < 2; ++n)
    for (int c = 0; c < 2; ++c)
      for (int t = 0; t < 12; ++t) {
        double wanted = 0;
        for (int k = 0; k < 3 && k <= t; ++k)
          for (int i = 0; i < 2; ++i)
            wanted += a[n][2 * c + i][t / 4].item<double>() * responses[3 * i + k] * u[n][c][t - k].item<double>();
        EXPECT_NEAR(y[n][c][t].item<double>(), wanted, 1e-6);
      }
  expect_gradients(module, {{"amplitudes", a}, {"noise", u}});
}

TEST(Autoencoder, DrawsNoiseAnewInTrainingAndLikeAStreamInEvaluation) {
  RaveConfig config = tiny();
  config.noise.ratios = {4};
  Autoencoder model(config, 0);
  const auto latent = torch::zeros({2, 3, 5});
  EXPECT_FALSE(model.noise(latent).equal(model.noise(latent)));
  torch::manual_seed(4);
  const auto first = model.noise(latent);
  torch::manual_seed(4);
  EXPECT_TRUE(first.equal(model.noise(latent))) << "the same seed, the same noise";
  EXPECT_LE(first.abs().max().item<double>(), 1);
  model.eval();
  const auto drawn = model.noise(latent);
  EXPECT_EQ(drawn.sizes(), (std::vector<int64_t>{2, 4, 5 * 8}));
  Noise noise;
  for (int t = 0; t < 40; ++t)
    for (int c = 0; c < 4; ++c) {
      const float x = noise() / 32768.0f;
      EXPECT_EQ(drawn[0][c][t].item<float>(), x);
      EXPECT_EQ(drawn[1][c][t].item<float>(), x);
    }
  EXPECT_TRUE(model.decode(latent, {}).audio.equal(model.decode(latent, {}).audio));
  EXPECT_FALSE(Autoencoder(tiny(), 0).noise(latent).defined());
}

RaveV2Config tiny_v3(bool adain) {
  RaveV2Config c;
  c.bands = 4, c.capacity = 4, c.ratios = {4, 2}, c.dilations = {{1, 3}, {1}}, c.latent_size = 3,
  c.activation = "snake", c.adain = adain;
  c.noise.ratios = {4};
  return c;
}

TEST(GraphModule, AnAdainSlotPassesThroughInTrainingAndUntilItIsFilled) {
  const torch::NoGradGuard no_grad;
  const auto x = torch::randn({2, 1, 32 * 9});
  const auto play = [&](Autoencoder& model, bool training) {
    model.train(training);
    torch::manual_seed(6);
    return model.decode(model.encode(x).posterior.mean, {}).audio;
  };
  torch::manual_seed(5);
  Autoencoder without(tiny_v3(false), 0);
  torch::manual_seed(5);
  Autoencoder with(tiny_v3(true), 0);
  EXPECT_EQ(with.named_buffers().size(), without.named_buffers().size() + 4 * 4);  // two stages, there and back
  EXPECT_TRUE(play(with, true).equal(play(without, true)));
  EXPECT_TRUE(play(with, false).equal(play(without, false)));
  with.encoder().named_buffers()["encoder/1/adain/target_mean"].fill_(0.5);
  EXPECT_TRUE(play(with, true).equal(play(without, true)));
  EXPECT_FALSE(play(with, false).allclose(play(without, false)));
}

TEST(GraphModule, AFilledAdainSlotGivesTheSourceTheTargetsStatistics) {
  torch::manual_seed(7);
  Graph g;
  g.output("y", g.adain("slot", g.input("x", 3, 1)));
  GraphModule module(g);
  module.eval();
  const auto by_channel = [](double a, double b, double c) {
    return torch::tensor({a, b, c}).to(torch::kFloat).reshape({1, 3, 1});
  };
  const auto source = torch::randn({2, 3, 500}) * by_channel(0.1, 1, 20) + by_channel(0, -3, 40);
  const auto target = torch::rand({1, 3, 700}) * by_channel(3, 0.2, 1) + by_channel(1, 0, -5);
  const auto mean_of = [](const torch::Tensor& x) { return x.mean(at::IntArrayRef({0, 2})); };
  const auto deviation_of = [](const torch::Tensor& x) { return x.std(at::IntArrayRef({0, 2}), false); };
  const auto fill = [&](const torch::Tensor& x, torch::Tensor mean, torch::Tensor deviation) {
    mean.copy_(mean_of(x)), deviation.copy_(deviation_of(x));
  };
  const GraphModule::Slot slot = module.slot(1);
  fill(source, slot.source_mean, slot.source_deviation);
  fill(target, slot.target_mean, slot.target_deviation);
  std::vector<torch::Tensor> heard;
  module.listen([&](const Node& n, const torch::Tensor& x) {
    EXPECT_EQ(n.name, "slot");
    heard.push_back(x);
  });
  const auto y = module.run({{"x", source}})["y"];
  EXPECT_LE((mean_of(y) - mean_of(target)).abs().max().item<double>(), 1e-5);
  EXPECT_LE((deviation_of(y) - deviation_of(target)).abs().max().item<double>(), 1e-5);
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_TRUE(heard[0].equal(source)) << "a listener hears what comes to the slot, not what leaves it";
}

}  // namespace
}  // namespace nr
