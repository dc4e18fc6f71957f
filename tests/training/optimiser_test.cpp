#include "training/optimiser.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "config/value.h"
#include "nn/discriminators.h"
#include "support/errors.h"
#include "systems/table.h"

namespace nr {
namespace {

// A latent discriminator on one batch: what its optimiser sees.
struct Desk {
  Parts parts;
  Values values;
  LossSettings settings;
  OptimiserConfig config;
  std::shared_ptr<LatentDiscriminator> discriminator;
  Desk() {
    torch::manual_seed(5);
    discriminator = std::make_shared<LatentDiscriminator>(LatentDiscriminatorConfig{8, 1, 3}, 4, 2, 16);
    parts = {{"latent_discriminator", discriminator}};
    values.set("batch.classes", torch::randint(16, {2, 2, 10}));
    values.set("latent", torch::randn({2, 4, 10}));
    config.parts = {"latent_discriminator"};
    config.losses["fader_discriminator"] = Schedule(1);
  }
  LossInput input() { return {values, settings, parts}; }
  double update(int repeat, int times) {
    config.repeat = repeat;
    Optimiser optimiser("discriminator", config, parts);
    Terms terms;
    for (int i = 0; i < times; ++i) optimiser.update(input(), 0, terms);
    return terms.at("discriminator/fader_discriminator").item<double>();
  }
};

TEST(Optimiser, RepeatsItsUpdateOnTheSameBatchAndComputesItsLossesAnew) {
  Desk once, thrice, three_updates;
  const double first = once.update(1, 1), third = thrice.update(3, 1);
  EXPECT_LT(third, first);
  EXPECT_EQ(third, three_updates.update(1, 3));
  const auto a = thrice.discriminator->parameters(), b = three_updates.discriminator->parameters();
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].equal(b[i]));
}

// Of a config's adversarial phase: in which steps of a dozen each optimiser updates.
std::map<std::string, std::string> updates_of(const std::string& file) {
  const std::string path = std::string(NR_SOURCE_DIR) + "/configs/rave/" + file + ".yaml";
  const RunConfig run = read_run_config(config::load(path));
  std::map<std::string, std::string> out;
  for (const auto& [name, config] : run.training.phases[1].second.optimisers) {
    const Optimiser optimiser(name, config, {});
    for (int step = 0; step < 12; ++step) out[name] += optimiser.due(step) ? 'x' : '.';
  }
  return out;
}

TEST(Optimiser, UpdatesInItsPublishedSteps) {
  using Updates = std::map<std::string, std::string>;
  EXPECT_EQ(updates_of("rave"), (Updates{{"decoder", "x.x.x.x.x.x."}, {"waveform_discriminator", ".x.x.x.x.x.x"}}));
  EXPECT_EQ(updates_of("rave_v2"), (Updates{{"decoder", ".xxx.xxx.xxx"}, {"waveform_discriminator", "x...x...x..."}}));
  EXPECT_EQ(updates_of("rave_v2_small"),
            (Updates{{"decoder", ".x.x.x.x.x.x"}, {"waveform_discriminator", "x.x.x.x.x.x."}}));
  EXPECT_EQ(updates_of("rave_v3"), updates_of("rave_v2"));
}

TEST(Optimiser, RunsADiscriminatorAnewInEveryUpdate) {
  Desk desk;
  const auto discriminator = std::make_shared<WaveformDiscriminator>(WaveformDiscriminatorConfig{1, 4, 1});
  desk.parts.push_back({"waveform_discriminator", discriminator});
  desk.values.set("target.audio", torch::randn({1, 1, 64}));
  desk.values.set("decoded.audio", torch::randn({1, 1, 64}).requires_grad_());
  desk.config.parts = {"decoder"};
  desk.config.losses = {{"adversarial_generator", Schedule(1)}};
  Optimiser optimiser("decoder", desk.config, desk.parts);
  const auto journalled = [&] {
    Terms terms;
    optimiser.update(desk.input(), 0, terms);
    return terms.at("decoder/adversarial_generator").item<double>();
  };
  const double before = journalled();
  EXPECT_EQ(journalled(), before);
  {
    const torch::NoGradGuard no_grad;
    discriminator->parameters().back().add_(1);
  }
  EXPECT_NE(journalled(), before);
}

TEST(Optimiser, FreezesThePartsThatItDoesNotTrainAndLeavesThemToTheirOwn) {
  Desk desk;
  const torch::Tensor latent = torch::randn({2, 4, 10}).requires_grad_();
  desk.values.set("latent", latent);
  desk.config.parts = {"encoder", "decoder"};
  desk.config.losses = {{"fader_uniform", Schedule(1)}};
  Optimiser optimiser("autoencoder", desk.config, desk.parts);
  Terms terms;
  optimiser.update(desk.input(), 0, terms);
  EXPECT_GT(latent.grad().abs().sum().item<double>(), 0);
  for (const torch::Tensor& p : desk.discriminator->parameters()) {
    EXPECT_FALSE(p.grad().defined());
    EXPECT_TRUE(p.requires_grad());
  }
}

// sqrt has an infinite gradient at 0, where the loss itself is finite.
TEST(Optimiser, RefusesAGradientThatIsNotFiniteAndLeavesItsPartsAsTheyWere) {
  Desk desk;
  const auto part = std::make_shared<torch::nn::LinearImpl>(4, 4);
  desk.parts = {{"encoder", part}, {"decoder", std::make_shared<torch::nn::LinearImpl>(2, 2)}};
  {
    const torch::NoGradGuard no_grad;
    part->weight.zero_(), part->bias.zero_();
  }
  const auto made = part->forward(torch::ones({1, 4})).abs().sqrt().reshape({1, 1, 4});
  desk.values.set("decoded.mel", made);
  desk.values.set("target.mel", torch::ones({1, 1, 4}));
  desk.config.parts = {"encoder", "decoder"};
  desk.config.losses = {{"mel_mse", Schedule(1)}};
  Optimiser optimiser("autoencoder", desk.config, desk.parts);
  Terms terms;
  EXPECT_THAT(error_of([&] { optimiser.update(desk.input(), 0, terms); }),
              testing::AllOf(testing::HasSubstr("training left the finite numbers: the gradient of encoder.weight, optimiser autoencoder"),
                             testing::HasSubstr("autoencoder/mel_mse 1"), testing::HasSubstr("the last checkpoint is whole")));
  EXPECT_EQ(part->weight.abs().sum().item<float>(), 0);
}

TEST(Optimiser, ReadsOnlyWhatItsLossesOfThisStepRead) {
  OptimiserConfig config;
  config.parts = {"encoder", "decoder"};
  Schedule late;
  late.from = 0, late.to = 1, late.start = 10, late.end = 20;
  config.losses = {{"fullband_stft", Schedule(1)}, {"exchange_consistency", late}};
  const Optimiser optimiser("autoencoder", config, {});
  std::vector<std::string> early, later;
  optimiser.add_reads(5, early), optimiser.add_reads(15, later);
  EXPECT_THAT(early, testing::ElementsAre("target.audio", "decoded.audio"));
  EXPECT_THAT(later, testing::Contains("exchanged.descriptors"));
}

}  // namespace
}  // namespace nr
