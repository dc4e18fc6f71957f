// The method `prior` of a TorchScript file draws what the sampler draws.
#include "deploy/torchscript_prior.h"

#include <gmock/gmock.h>

#include "deploy/deploy.h"
#include "deploy/torchscript_model.h"
#include "generation/sampler.h"
#include "support/errors.h"
#include "support/tiny_prior.h"

namespace nr {
namespace {
using testing::ElementsAre;

constexpr int kLatents = 5;

// A toy with a prior over its two controls and its latents.
struct ModelWithPrior : TorchscriptModel {
  explicit ModelWithPrior(int together) {
    torch::manual_seed(4);
    PriorConfig config;
    config.width = 12, config.dilations = {1, 2, 4}, config.mixtures = 3, config.together = together;
    auto random = std::make_shared<Prior>(config, 2 + kLatents, graphs.hop);
    const torch::NoGradGuard no_grad;
    for (auto& parameter : random->parameters()) parameter.mul_(2.5);
    random->measure(torch::randn({1, 2 + kLatents, 4000}) + 0.3);
    shipment.model.prior = random;
    file = std::stringstream();
    write_torchscript(shipment, file);
  }
};

TEST(TorchscriptPrior, DrawsAsTheSamplerDoesGivenTheControlsAsTheyAreSet) {
  for (const int together : {1, 3}) {
    ModelWithPrior model(together);
    torch::jit::Module m = model.load();
    EXPECT_THAT(texts_of(m, "get_methods"), ElementsAre("encode", "decode", "forward", "prior"));
    m.get_method("set_rms")({torch::jit::IValue(-20.0)});
    const torch::Tensor target = m.attr("controls").toModule().attr("target").toTensor();
    EXPECT_NE(target[0].item<float>(), 0);
    constexpr int kFrames = 40;
    Curves forced(2 + kLatents);
    for (size_t i = 0; i < 2; ++i) forced[i] = {target[int64_t(i)].item<float>()};
    const Curves wanted = draw_curves(*model.shipment.model.prior, kFrames, {0, 1}, forced);
    for (const char* again : {"at first", "after a reset"}) {
      std::vector<torch::Tensor> blocks;
      for (const int64_t frames : {1, 4, 20, 15}) blocks.push_back(call(m, "prior", torch::zeros({1, 1, frames})));
      const torch::Tensor heard = torch::cat(blocks, 2);
      ASSERT_EQ(heard.sizes(), (std::vector<int64_t>{1, kLatents, kFrames}));
      double moved = 0;
      for (int d = 0; d < kLatents; ++d)
        for (int t = 0; t < kFrames; ++t) {
          const float value = wanted[size_t(2 + d)][size_t(t)];
          EXPECT_NEAR(heard[0][d][t].item<float>(), value, 1e-4) << again << ", latent " << d << ", frame " << t;
          moved += std::fabs(value - wanted[size_t(2 + d)][0]);
        }
      EXPECT_GT(moved, 1) << "there was something to compare";
      m.get_method("reset")({});
    }
  }
}

TEST(TorchscriptPrior, DrawsAsOftenWhatIsLikelyAsTheSamplerDoes) {
  ModelWithPrior model(1);
  torch::jit::Module m = model.load();
  constexpr int kSignals = 32, kFrames = 60;
  const torch::Tensor heard = call(m, "prior", torch::ones({kSignals, 1, kFrames}));
  EXPECT_FALSE(torch::equal(heard[0], heard[1])) << "every signal is drawn by itself";
  std::vector<torch::Tensor> drawn;
  for (uint64_t seed = 1; seed <= kSignals; ++seed) {
    std::vector<torch::Tensor> rows;
    for (const auto& curve : draw_curves(*model.shipment.model.prior, kFrames, {1, seed},
                                         {{0.f}, {0.f}, {}, {}, {}, {}, {}}))
      rows.push_back(torch::tensor(curve));
    drawn.push_back(torch::stack(rows).narrow(0, 2, kLatents));
  }
  const torch::Tensor wanted = torch::stack(drawn);
  const auto flat = [](const torch::Tensor& t) { return t.transpose(0, 1).reshape({kLatents, -1}); };
  for (int d = 0; d < kLatents; ++d) {  // 1,920 values, hardly dependent: means differ by 0.03 deviations by chance
    const torch::Tensor x = flat(heard)[d], y = flat(wanted)[d];
    const double deviation = y.std().item<double>();
    EXPECT_NEAR(x.mean().item<double>(), y.mean().item<double>(), 0.2 * deviation) << d;
    EXPECT_NEAR(x.std().item<double>(), deviation, 0.15 * deviation) << d;
  }
}

TEST(TorchscriptPrior, TakesTemperaturesThatAreNoNumbersAsZero) {
  ModelWithPrior model(1);
  torch::jit::Module m = model.load(), calm = model.load();
  const torch::Tensor wanted = call(calm, "prior", torch::zeros({1, 1, 8}));
  EXPECT_TRUE(torch::equal(call(m, "prior", torch::full({1, 1, 8}, std::nanf(""))), wanted));
  EXPECT_TRUE(call(m, "prior", torch::full({1, 1, 8}, 1e30)).isfinite().all().item<bool>());
  EXPECT_THROW(call(m, "prior", torch::zeros({1, 2, 8})), std::exception);
}

TEST(TorchscriptPrior, OfATrainedRunShipsWithTheModelThatItWasTrainedOn) {
  const TemporaryFolder folder;
  train_tiny_run(folder);
  train(read_run_config(tiny_prior(folder)), folder / "prior");
  ExportConfig c;
  c.run = folder / "prior", c.output = folder / "prior.ts", c.target = "torchscript", c.seconds = 1;
  export_model(c);
  torch::jit::Module m = torch::jit::load(c.output);
  const torch::Tensor latent = call(m, "prior", torch::ones({1, 1, 20}));
  EXPECT_EQ(latent.sizes(), (std::vector<int64_t>{1, 4, 20}));
  const torch::Tensor audio = call(m, "decode", latent);
  EXPECT_EQ(audio.size(2), 20 * m.attr("hop").toInt());
  EXPECT_GT(audio.abs().max().item<float>(), 0);
  c.latents = 2;
  EXPECT_THAT(error_of([&] { export_model(c); }), testing::HasSubstr("a prior draws the whole latent"));
}

}  // namespace
}  // namespace nr
