#include "training/player.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "config/value.h"

namespace nr {
namespace {

// A latent discriminator on one batch: what a player of it sees.
struct Desk {
  Parts parts;
  Batch batch;
  Outputs outputs;
  LossSettings settings;
  PlayerConfig config;
  Desk() {
    torch::manual_seed(5);
    RaveConfig model;
    model.bands = 4, model.capacity = 2, model.ratios = {2}, model.latent_size = 4;
    parts.model = std::make_shared<Autoencoder>(ModelConfig(model), 2);
    parts.latent_discriminator = std::make_shared<LatentDiscriminator>(LatentDiscriminatorConfig{8, 1, 3}, 4, 2, 16);
    batch.classes = torch::randint(16, {2, 2, 10});
    outputs.latent = torch::randn({2, 4, 10});
    config.trains = {"latent_discriminator"};
    config.minimises["attribute_prediction"] = Schedule(1);
  }
  void play(int repeat, int turns) {
    config.repeat = repeat;
    Player player("judge", config, parts);
    std::map<std::string, torch::Tensor> terms;
    for (int i = 0; i < turns; ++i) player.step({batch, outputs, settings, parts.latent_discriminator.get(), nullptr}, 0, terms);
    last = terms.at("judge/attribute_prediction").item<double>();
  }
  double last = 0;
};

TEST(Player, RepeatsItsStepOnTheSameBatchAndRecomputesItsTerms) {
  Desk once, thrice, thrice_as_turns;
  once.play(1, 1), thrice.play(3, 1), thrice_as_turns.play(1, 3);
  EXPECT_LT(thrice.last, once.last);
  EXPECT_EQ(thrice.last, thrice_as_turns.last);
  const auto a = thrice.parts.latent_discriminator->parameters(), b = thrice_as_turns.parts.latent_discriminator->parameters();
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].equal(b[i]));
}

// Of a published config's adversarial phase: in which steps of a dozen each player plays.
std::map<std::string, std::string> turns_of(const std::string& file) {
  const RunConfig run = read_run_config(config::load(std::string(NR_SOURCE_DIR) + "/configs/rave/" + file + ".yaml"));
  std::map<std::string, std::string> out;
  const Desk desk;
  for (const auto& [name, config] : run.training.phases[1].second.players) {
    const Player player(name, config, desk.parts);
    for (int step = 0; step < 12; ++step) out[name] += player.plays(step) ? 'x' : '.';
  }
  return out;
}

TEST(Player, TakesItsPublishedTurns) {
  using Turns = std::map<std::string, std::string>;
  EXPECT_EQ(turns_of("rave"), (Turns{{"decoder", "x.x.x.x.x.x."}, {"waveform_discriminator", ".x.x.x.x.x.x"}}));
  EXPECT_EQ(turns_of("rave_v2"), (Turns{{"decoder", ".xxx.xxx.xxx"}, {"waveform_discriminator", "x...x...x..."}}));
  EXPECT_EQ(turns_of("rave_v2_small"), (Turns{{"decoder", ".x.x.x.x.x.x"}, {"waveform_discriminator", "x.x.x.x.x.x."}}));
  EXPECT_EQ(turns_of("rave_v3"), turns_of("rave_v2"));
}

TEST(Player, AsksTheJudgeAnewInEveryTurn) {
  Desk desk;
  desk.parts.waveform_discriminator = std::make_shared<WaveformDiscriminator>(WaveformDiscriminatorConfig{1, 4, 1});
  desk.outputs.audio = torch::randn({1, 1, 64});
  desk.outputs.decoded.audio = torch::randn({1, 1, 64}).requires_grad_();
  desk.config.trains = {"decoder"};
  desk.config.minimises = {{"adversarial_generator", Schedule(1)}};
  Player player("decoder", desk.config, desk.parts);
  const LossInput in{desk.batch, desk.outputs, desk.settings, nullptr, desk.parts.waveform_discriminator.get()};
  const auto journalled = [&] {
    std::map<std::string, torch::Tensor> terms;
    player.step(in, 0, terms);
    return terms.at("decoder/adversarial_generator").item<double>();
  };
  const double before = journalled();
  in.judged = desk.parts.waveform_discriminator->forward(desk.outputs.audio);  // what another player may have asked
  EXPECT_EQ(journalled(), before);
  const torch::NoGradGuard no_grad;
  desk.parts.waveform_discriminator->parameters().back().add_(1);
  const torch::AutoGradMode gradients(true);
  EXPECT_NE(journalled(), before);
}

TEST(Player, LetsAJudgeItAsksRestAndLearnLater) {
  Desk desk;
  desk.outputs.latent.requires_grad_();
  desk.config.trains = {"encoder", "decoder"};
  desk.config.minimises = {{"fader_uniform", Schedule(1)}};
  Player player("autoencoder", desk.config, desk.parts);
  std::map<std::string, torch::Tensor> terms;
  player.step({desk.batch, desk.outputs, desk.settings, desk.parts.latent_discriminator.get(), nullptr}, 0, terms);
  EXPECT_GT(desk.outputs.latent.grad().abs().sum().item<double>(), 0);
  for (const torch::Tensor& p : desk.parts.latent_discriminator->parameters()) {
    EXPECT_FALSE(p.grad().defined());
    EXPECT_TRUE(p.requires_grad());
  }
}

}  // namespace
}  // namespace nr
