#include "training/train.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "config/writer.h"
#include "data/prepare.h"
#include "nn/checkpoint.h"
#include "systems/table.h"
#include "audio/clip.h"
#include "support/errors.h"
#include "support/workshop.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

TEST(Train, ResumedEqualsUninterruptedBitForBit) {
  Workshop shop("consistent");
  train(shop.config, shop.folder / "whole");
  RunConfig half = shop.config;
  half.training.phases[0].second.steps = 5;
  half.training.phases[1].second.steps = 0;
  train(half, shop.folder / "parts");
  train(shop.config, shop.folder / "parts", {true, {"config"}});
  const Checkpoint whole = read_checkpoint(shop.checkpoint("whole"));
  EXPECT_EQ(read_file(shop.folder / "whole/clips.csv").rfind("path,split,seconds\n", 0), 0u);
  EXPECT_EQ(whole.texts.at("step"), "12");
  expect_same_tensors(whole, read_checkpoint(shop.checkpoint("parts")));
  // Resuming inside the adversarial phase too.
  half = shop.config;
  half.training.phases[1].second.steps = 2;
  train(half, shop.folder / "late");
  train(shop.config, shop.folder / "late", {true, {"config"}});
  expect_same_tensors(whole, read_checkpoint(shop.checkpoint("late")));
}

TEST(Train, SameSeedGivesTheSameRunAndAnotherSeedAnother) {
  Workshop shop("f_rave", {"training.phases.adversarial.steps=0"});
  train(shop.config, shop.folder / "a");
  train(shop.config, shop.folder / "b");
  expect_same_tensors(read_checkpoint(shop.checkpoint("a")), read_checkpoint(shop.checkpoint("b")));
  shop.config.seed = 2;
  train(shop.config, shop.folder / "c");
  const std::string any = "model/encoder.encoder/in/weight";
  EXPECT_FALSE(read_checkpoint(shop.checkpoint("a"))
                   .tensors.at(any)
                   .equal(read_checkpoint(shop.checkpoint("c")).tensors.at(any)));
}

TEST(Train, TheAdversarialPhaseTrainsTheDecoderAndLeavesTheEncoderBitIdentical) {
  Workshop shop("rave");
  train(shop.config, shop.folder / "run");
  const Checkpoint before = read_checkpoint(shop.checkpoint("run", "representation")),
                   after = read_checkpoint(shop.checkpoint("run"));
  bool decoder_moved = false, discriminator_moved = false;
  for (const auto& [name, tensor] : before.tensors) {
    if (name.rfind("model/encoder.", 0) == 0) {
      EXPECT_TRUE(tensor.equal(after.tensors.at(name))) << name;
    }
    if (name.rfind("model/decoder.", 0) == 0) decoder_moved |= !tensor.equal(after.tensors.at(name));
    if (name.rfind("waveform_discriminator", 0) == 0) discriminator_moved |= !tensor.equal(after.tensors.at(name));
  }
  EXPECT_TRUE(decoder_moved);
  EXPECT_TRUE(discriminator_moved);
}

const std::string kRepresentation = "training.phases.representation.optimisers.",
                  kAdversarial = "training.phases.adversarial.optimisers.";

// Whether anything of a part, statistics included, changed between the first phase's end and the run's.
bool moved_in_phase_two(const Workshop& shop, const std::string& part) {
  const Checkpoint before = read_checkpoint(shop.checkpoint("run", "representation")),
                   after = read_checkpoint(shop.checkpoint("run"));
  bool moved = false;
  size_t found = 0;
  for (const auto& [name, tensor] : before.tensors)
    if (name.rfind(part, 0) == 0) ++found, moved |= !tensor.equal(after.tensors.at(name));
  EXPECT_GT(found, 0u) << part;
  return moved;
}

TEST(Train, ALatentDiscriminatorFreezesWithItsEncoderUnlessThePhaseListsIt) {
  Workshop shop("f_rave");
  train(shop.config, shop.folder / "run");
  EXPECT_FALSE(moved_in_phase_two(shop, "latent_discriminator"));
  Workshop going_on(
      "f_rave", {kAdversarial +
                 "latent_discriminator={parts: [latent_discriminator], losses: {fader_discriminator: 1}, repeat: 2}"});
  train(going_on.config, going_on.folder / "run");
  EXPECT_TRUE(moved_in_phase_two(going_on, "latent_discriminator"));
  EXPECT_FALSE(moved_in_phase_two(going_on, "model/encoder."));
}

// With the reversed gradient alone: the discriminator learns, the encoder learns against it, and nothing reaches the
// decoder.
TEST(Train, ReversalTrainsEncoderAndDiscriminatorInOneOptimiser) {
  Workshop shop("f_rave_reversal",
                {"training.phases.adversarial.steps=0", kRepresentation + "autoencoder.losses={fader_reversal: 0.5}",
                 "training.phases.representation.steps=4"});
  train(shop.config, shop.folder / "four");
  shop.config.training.phases[0].second.steps = 8;
  train(shop.config, shop.folder / "eight");
  const Checkpoint four = read_checkpoint(shop.checkpoint("four")), eight = read_checkpoint(shop.checkpoint("eight"));
  const auto moved = [&](const std::string& name) { return !four.tensors.at(name).equal(eight.tensors.at(name)); };
  EXPECT_TRUE(moved("latent_discriminator/trunk.0.weight"));
  EXPECT_TRUE(moved("model/encoder.encoder/in/weight"));
  EXPECT_TRUE(moved("model/encoder.encoder/out/weight"));
  EXPECT_FALSE(moved("model/decoder.decoder/in/weight"));
  EXPECT_NE(read_file(shop.folder / "eight/journal.jsonl").find("\"autoencoder/fader_reversal\":"), std::string::npos);
}

TEST(Train, FaderConfusionMovesTheEncoderWhereItsWeightIsNotZero) {
  const std::vector<std::string> short_run{"training.phases.adversarial.steps=0",
                                           "training.phases.representation.steps=60",
                                           kRepresentation + "latent_discriminator.lr=0.01"};
  const std::string weight = kRepresentation + "autoencoder.losses.fader_confusion=";
  std::vector<std::string> off = short_run, on = short_run;
  off.push_back(weight + "{ramp: [0, 0.5, 1000, 2000]}"), on.push_back(weight + "0.5");
  Workshop without("f_rave", off), with("f_rave", on);
  train(without.config, without.folder / "run"), train(with.config, with.folder / "run");
  const std::string name = "model/encoder.encoder/in/weight";
  const Checkpoint a = read_checkpoint(without.checkpoint("run")), b = read_checkpoint(with.checkpoint("run"));
  EXPECT_FALSE(a.tensors.at(name).equal(b.tensors.at(name)));
}

// Decibels by which the decoded level rises when the level asked for rises from a quarter to three quarters of its
// range, measured by descriptors/, not by the loss; the rise that was asked for; and the share of it that the brightest
// half of a decoder without its controls' weights gives.
struct LevelAnswer {
  double asked = 0, given = 0;
};
LevelAnswer answer_to_level(TrainedModel& trained, const std::filesystem::path& file) {
  const torch::NoGradGuard no_grad;
  const int hop = trained.model->graphs().hop, row = 0, frames = 128;
  EXPECT_EQ(trained.scales[row].descriptor, "rms");
  const std::vector<float> sound = read_clip(file).samples;
  const auto audio = torch::tensor(std::vector<float>(sound.begin(), sound.begin() + frames * hop)).reshape({1, 1, -1});
  const auto latent = trained.model->encode(audio).posterior.mean;
  const auto level_at = [&](float position) {
    auto controls = torch::zeros({1, int64_t(trained.scales.size()), frames});
    controls.select(1, row).fill_(position);
    const auto decoded = trained.model->play(latent, controls).flatten().contiguous();
    const std::vector<float> samples(decoded.data_ptr<float>() + 16 * hop, decoded.data_ptr<float>() + decoded.numel());
    double square = 0;
    for (const float x : samples) square += double(x) * x / double(samples.size());
    return 10 * std::log10(square + 1e-12);
  };
  const auto asked = [&](float position) { return 20 * std::log10(double(trained.scales[row].physical(position))); };
  return {asked(0.5f) - asked(-0.5f), level_at(0.5f) - level_at(-0.5f)};
}

TEST(Train, LearnsToReconstructAndToObeyOnOneSmallSetAndADeafDecoderDoesNot) {
  const std::string losses = kRepresentation + "autoencoder.losses.";
  Workshop shop("consistent", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=300",
                               kRepresentation + "autoencoder.lr=0.003", "training.validate_every=300",
                               "descriptors.controls=[rms, centroid]", losses + "exchange_consistency=4",
                               losses + "reconstruction_consistency=4"});
  train(shop.config, shop.folder / "run");
  std::istringstream journal(read_file(shop.folder / "run/journal.jsonl"));
  double first = 0, last = 0;
  for (std::string line; std::getline(journal, line);) {
    const std::string key = "\"autoencoder/fullband_stft\":";
    const size_t at = line.find(key);
    if (at == std::string::npos) continue;
    last = std::stod(line.substr(at + key.size()));
    if (first == 0) first = last;
  }
  EXPECT_LT(last, 0.7 * first);
  TrainedModel trained = load_model(shop.folder / "run");
  const LevelAnswer obedient = answer_to_level(trained, shop.folder / "audio/tone0.wav");
  EXPECT_GT(obedient.asked, 6);
  EXPECT_NEAR(obedient.given / obedient.asked, 1, 0.4);
  {
    const torch::NoGradGuard no_grad;  // deaf: nothing of the controls gets in, neither at the latent nor by FiLM
    for (auto& item : trained.model->decoder().named_parameters())
      if (item.key().find("film") != std::string::npos) item.value().zero_();
    auto weight = trained.model->decoder().named_parameters()["decoder/in/weight"];
    weight.narrow(1, trained.model->graphs().latent_size, 2).zero_();
  }
  EXPECT_NEAR(answer_to_level(trained, shop.folder / "audio/tone0.wav").given, 0, 1e-3);
}

TEST(Train, SaysWhatTheLatentHoldsAndKeepsItsComponents) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0"});
  train(shop.config, shop.folder / "run");
  const std::string journal = read_file(shop.folder / "run/journal.jsonl");
  for (const char* key : {"\"latent/nats\":", "\"latent/active\":", "\"latent/for_95\":", "\"latent/kl_000\":"})
    EXPECT_NE(journal.find(key), std::string::npos) << key;
  const TrainedModel trained = load_model(shop.folder / "run");
  ASSERT_TRUE(trained.space.known());
  EXPECT_EQ(trained.space.mean.size(0), trained.model->graphs().latent_size);
}

TEST(Train, ValidatesWithTheSameNoiseEveryTime) {
  Workshop shop("v3", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=4",
                       "training.validate_every=2", "training.phases.representation.optimisers.autoencoder.lr=0",
                       "model.noise={ratios: [4], bins: 4}"});
  train(shop.config, shop.folder / "run");
  std::istringstream journal(read_file(shop.folder / "run/journal.jsonl"));
  std::vector<std::string> heard;
  const std::string key = "\"validation/fullband_stft\":";
  for (std::string line; std::getline(journal, line);)
    if (const size_t at = line.find(key); at != std::string::npos)
      heard.push_back(line.substr(at, line.find_first_of(",}", at) - at));
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0], heard[1]);
}

TEST(Train, SaysInValidationAloneHowFarTheOutputIsOutOfTune) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=4",
                         "training.validate_every=4"});
  train(shop.config, shop.folder / "run");
  const std::string journal = read_file(shop.folder / "run/journal.jsonl"), key = "\"validation/out_of_tune\":";
  const size_t at = journal.find(key);
  ASSERT_NE(at, std::string::npos) << journal;
  EXPECT_GT(std::stod(journal.substr(at + key.size())), 0.5);  // four steps teach no pitch
  EXPECT_EQ(journal.find("\"out_of_tune\":"), std::string::npos);
}

TEST(Train, WarnsOfACollapsedLatent) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=200",
                         "training.phases.representation.optimisers.autoencoder.lr=0.01",
                         "training.phases.representation.optimisers.autoencoder.losses={kl: 100}"});
  testing::internal::CaptureStderr();
  train(shop.config, shop.folder / "run");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("lower the weight of kl"));
}

TEST(Train, DoesNotWarnOfALatentThatIsUsed) {
  Workshop shop("rave",
                {"training.phases.adversarial.steps=0", "training.phases.representation.steps=100",
                 "training.checkpoint_every=100", "training.phases.representation.optimisers.autoencoder.lr=0.01",
                 "training.phases.representation.optimisers.autoencoder.losses={fullband_stft: 1, multiband_stft: 1}"});
  testing::internal::CaptureStderr();
  train(shop.config, shop.folder / "run");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(testing::HasSubstr("lower the weight of kl")));
}

TEST(Train, OfADeterministicLatentNeedsNoKl) {
  const std::vector<std::string> plain{"training.phases.adversarial.steps=0", "model.latent={type: plain}"};
  EXPECT_THAT(error_of([&] { Workshop("rave", plain); }),
              testing::HasSubstr("kl reads posterior.std, which needs a gaussian latent"));
  std::vector<std::string> settings = plain;
  settings.push_back("training.phases.representation.optimisers.autoencoder.losses={fullband_stft: 1, mmd: 1}");
  Workshop shop("rave", settings);
  train(shop.config, shop.folder / "run");
  EXPECT_TRUE(load_model(shop.folder / "run").space.known());
}

TEST(Train, AFolderThatHoldsARunIsRefusedAndBeginsWithItsResolvedConfig) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=2"});
  train(shop.config, shop.folder / "run");
  EXPECT_EQ(config::dump(read_run_config(config::load(shop.folder / "run/config.yaml"))), config::dump(shop.config));
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "run"); }),
              testing::HasSubstr("holds a trained run already; go on with --resume"));
  std::get<RaveConfig>(shop.config.model).latent_size = 5;
  EXPECT_THAT(error_of([&] {
                train(shop.config, shop.folder / "run", {true, {"config"}});
              }),
              testing::HasSubstr("but the config describes"));
}

}  // namespace
}  // namespace nr
