#include "training/train.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "config/writer.h"
#include "data/prepare.h"
#include "nn/checkpoint.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

struct Workshop {
  TemporaryFolder folder;
  RunConfig config;

  explicit Workshop(const std::string& name, const std::vector<std::string>& settings = {}) {
    write_recordings(folder / "audio", 8, 8000, 1.2);
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/" + name + ".yaml");
    config::set(root, "data.inputs", "[" + (folder / "audio").string() + "]");
    config::set(root, "data.cache", (folder / "cache").string());
    config::set(root, "device", "cpu");
    for (const std::string& setting : settings) config::set(root, setting);
    config = read_run_config(root);
    prepare(config.data, config.descriptors);
  }
  fs::path checkpoint(const std::string& run, const std::string& name = "last") const {
    return folder.path() / run / "checkpoints" / (name + ".safetensors");
  }
};

void expect_same_tensors(const Checkpoint& a, const Checkpoint& b) {
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) EXPECT_TRUE(tensor.equal(b.tensors.at(name))) << name;
}

TEST(Train, ResumedEqualsUninterruptedBitForBit) {
  Workshop shop("consistent");
  train(shop.config, shop.folder / "whole", false);
  RunConfig half = shop.config;
  half.training.phases[0].second.steps = 5;
  half.training.phases[1].second.steps = 0;
  train(half, shop.folder / "parts", false);
  train(shop.config, shop.folder / "parts", true);
  const Checkpoint whole = read_checkpoint(shop.checkpoint("whole"));
  EXPECT_EQ(read_file(shop.folder / "whole/clips.csv").rfind("path,split,seconds\n", 0), 0u);
  EXPECT_EQ(whole.texts.at("step"), "12");
  expect_same_tensors(whole, read_checkpoint(shop.checkpoint("parts")));
  // Resuming inside the adversarial phase too.
  half = shop.config;
  half.training.phases[1].second.steps = 2;
  train(half, shop.folder / "late", false);
  train(shop.config, shop.folder / "late", true);
  expect_same_tensors(whole, read_checkpoint(shop.checkpoint("late")));
}

TEST(Train, SameSeedGivesTheSameRunAndAnotherSeedAnother) {
  Workshop shop("f_rave", {"training.phases.adversarial.steps=0"});
  train(shop.config, shop.folder / "a", false);
  train(shop.config, shop.folder / "b", false);
  expect_same_tensors(read_checkpoint(shop.checkpoint("a")), read_checkpoint(shop.checkpoint("b")));
  shop.config.seed = 2;
  train(shop.config, shop.folder / "c", false);
  const std::string any = "model/encoder.encoder/in/weight";
  EXPECT_FALSE(read_checkpoint(shop.checkpoint("a")).tensors.at(any).equal(read_checkpoint(shop.checkpoint("c")).tensors.at(any)));
}

TEST(Train, TheAdversarialPhaseTrainsTheDecoderAndLeavesTheEncoderBitIdentical) {
  Workshop shop("rave");
  train(shop.config, shop.folder / "run", false);
  const Checkpoint before = read_checkpoint(shop.checkpoint("run", "representation")), after = read_checkpoint(shop.checkpoint("run"));
  bool decoder_moved = false, judge_moved = false;
  for (const auto& [name, tensor] : before.tensors) {
    if (name.rfind("model/encoder.", 0) == 0) {
      EXPECT_TRUE(tensor.equal(after.tensors.at(name))) << name;
    }
    if (name.rfind("model/decoder.", 0) == 0) decoder_moved |= !tensor.equal(after.tensors.at(name));
    if (name.rfind("waveform_discriminator", 0) == 0) judge_moved |= !tensor.equal(after.tensors.at(name));
  }
  EXPECT_TRUE(decoder_moved);
  EXPECT_TRUE(judge_moved);
}

const std::string kRepresentation = "training.phases.representation.players.", kAdversarial = "training.phases.adversarial.players.";

// Whether anything of a part, statistics included, changed between the first phase's end and the run's.
bool moved_in_phase_two(const Workshop& shop, const std::string& part) {
  const Checkpoint before = read_checkpoint(shop.checkpoint("run", "representation")), after = read_checkpoint(shop.checkpoint("run"));
  bool moved = false;
  size_t found = 0;
  for (const auto& [name, tensor] : before.tensors)
    if (name.rfind(part, 0) == 0) ++found, moved |= !tensor.equal(after.tensors.at(name));
  EXPECT_GT(found, 0u) << part;
  return moved;
}

TEST(Train, ALatentDiscriminatorFreezesWithItsEncoderUnlessThePhaseListsIt) {
  Workshop shop("f_rave");
  train(shop.config, shop.folder / "run", false);
  EXPECT_FALSE(moved_in_phase_two(shop, "latent_discriminator"));
  Workshop going_on("f_rave", {kAdversarial + "latent_discriminator={trains: [latent_discriminator], minimises: {attribute_prediction: 1}, repeat: 2}"});
  train(going_on.config, going_on.folder / "run", false);
  EXPECT_TRUE(moved_in_phase_two(going_on, "latent_discriminator"));
  EXPECT_FALSE(moved_in_phase_two(going_on, "model/encoder."));
}

TEST(Train, ReversalTrainsEncoderAndDiscriminatorInOnePlayer) {
  Workshop shop("f_rave_reversal", {"training.phases.adversarial.steps=0", kRepresentation + "autoencoder.minimises.fader_reversal=0.5",
                                    "training.phases.representation.steps=4"});
  train(shop.config, shop.folder / "four", false);
  shop.config.training.phases[0].second.steps = 8;
  train(shop.config, shop.folder / "eight", false);
  const Checkpoint four = read_checkpoint(shop.checkpoint("four")), eight = read_checkpoint(shop.checkpoint("eight"));
  EXPECT_FALSE(four.tensors.at("latent_discriminator/trunk.0.weight").equal(eight.tensors.at("latent_discriminator/trunk.0.weight")));
  EXPECT_NE(read_file(shop.folder / "eight/journal.jsonl").find("\"autoencoder/fader_reversal\":"), std::string::npos);
}

TEST(Train, LearnsToReconstructAndToObeyOnOneSmallSet) {
  Workshop shop("consistent", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=120",
                               "training.phases.representation.players.autoencoder.lr=0.003", "training.validate_every=120",
                               "training.phases.representation.players.autoencoder.minimises.exchange_consistency=4"});
  train(shop.config, shop.folder / "run", false);
  std::istringstream journal(read_file(shop.folder / "run/journal.jsonl"));
  double first = 0, last = 0, first_control = 0, last_control = 0;
  const auto number = [](const std::string& line, const std::string& key) {
    const size_t at = line.find("\"autoencoder/" + key + "\":");
    return at == std::string::npos ? 0.0 : std::stod(line.substr(line.find(':', at) + 1));
  };
  for (std::string line; std::getline(journal, line);) {
    if (number(line, "fullband_stft") == 0) continue;
    last = number(line, "fullband_stft"), last_control = number(line, "exchange_consistency");
    if (first == 0) first = last, first_control = last_control;
  }
  EXPECT_LT(last, 0.8 * first);
  EXPECT_LT(last_control, 0.8 * first_control);
}

TEST(Train, SaysWhatTheLatentHoldsAndKeepsItsComponents) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0"});
  train(shop.config, shop.folder / "run", false);
  const std::string journal = read_file(shop.folder / "run/journal.jsonl");
  for (const char* key : {"\"latent/nats\":", "\"latent/active\":", "\"latent/for_95\":", "\"latent/kl_000\":"})
    EXPECT_NE(journal.find(key), std::string::npos) << key;
  const TrainedModel trained = load_model(shop.folder / "run");
  ASSERT_TRUE(trained.space.known());
  EXPECT_EQ(trained.space.mean.size(0), trained.model->graphs().latent_size);
}

TEST(Train, ValidatesWithTheSameNoiseEveryTime) {
  Workshop shop("v3", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=4", "training.validate_every=2",
                       "training.phases.representation.players.autoencoder.lr=0", "model.noise={ratios: [4], bins: 4}"});
  train(shop.config, shop.folder / "run", false);
  std::istringstream journal(read_file(shop.folder / "run/journal.jsonl"));
  std::vector<std::string> heard;
  const std::string key = "\"validation/fullband_stft\":";
  for (std::string line; std::getline(journal, line);)
    if (const size_t at = line.find(key); at != std::string::npos) heard.push_back(line.substr(at, line.find_first_of(",}", at) - at));
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0], heard[1]);
}

TEST(Train, WarnsOfACollapsedLatent) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=200",
                         "training.phases.representation.players.autoencoder.lr=0.01",
                         "training.phases.representation.players.autoencoder.minimises={kl: 100}"});
  testing::internal::CaptureStderr();
  train(shop.config, shop.folder / "run", false);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("lower the weight of kl"));
}

TEST(Train, DoesNotWarnOfALatentThatIsUsed) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=100", "training.checkpoint_every=100",
                         "training.phases.representation.players.autoencoder.lr=0.01",
                         "training.phases.representation.players.autoencoder.minimises={fullband_stft: 1, multiband_stft: 1}"});
  testing::internal::CaptureStderr();
  train(shop.config, shop.folder / "run", false);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(testing::HasSubstr("lower the weight of kl")));
}

TEST(Train, OfADeterministicLatentNeedsNoKl) {
  const std::vector<std::string> plain{"training.phases.adversarial.steps=0", "model.latent={type: plain}"};
  EXPECT_THAT(error_of([&] { Workshop("rave", plain); }), testing::HasSubstr("kl needs a gaussian latent"));
  std::vector<std::string> settings = plain;
  settings.push_back("training.phases.representation.players.autoencoder.minimises={fullband_stft: 1, mmd: 1}");
  Workshop shop("rave", settings);
  train(shop.config, shop.folder / "run", false);
  EXPECT_TRUE(load_model(shop.folder / "run").space.known());
}

TEST(Train, AFolderThatHoldsARunIsRefusedAndBeginsWithItsResolvedConfig) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=2"});
  train(shop.config, shop.folder / "run", false);
  EXPECT_EQ(config::dump(read_run_config(config::load(shop.folder / "run/config.yaml"))), config::dump(shop.config));
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "run", false); }), testing::HasSubstr("holds a trained run already; go on with --resume"));
  std::get<RaveConfig>(shop.config.model).latent_size = 5;
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "run", true); }), testing::HasSubstr("but the config describes"));
}

TEST(RunConfig, AWeightOfZeroLeavesOutTheTermAndAPlayerOfNothingElse) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/f_rave.yaml");
  const std::string players = "training.phases.representation.players.";
  config::set(root, players + "autoencoder.minimises.fader_confusion=0");
  config::set(root, players + "latent_discriminator.minimises.attribute_prediction=0");
  config::set(root, "descriptors.controls=[]");
  const RunConfig config = read_run_config(root);
  ASSERT_EQ(config.training.phases[0].second.players.size(), 1u);
  EXPECT_EQ(config.training.phases[0].second.players[0].second.minimises.count("fader_confusion"), 0u);
}

TEST(RunConfig, ChecksFieldsAgainstOneAnother) {
  const auto refusal = [](const std::string& setting, const std::string& other = "") {
    return error_of([&] {
      config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/f_rave.yaml");
      config::set(root, setting);
      if (!other.empty()) config::set(root, other);
      read_run_config(root);
    });
  };
  EXPECT_EQ(refusal("data.segment=5000"), "data.segment: 5000 must be a multiple of the model's hop of 32 samples, and at least 4 of them");
  EXPECT_EQ(refusal("descriptors.hop=24"), "descriptors.hop: 24 must divide the model's hop of 32 samples");
  EXPECT_THAT(refusal("descriptors.controls=[]"), testing::HasSubstr("needs descriptors.controls, which is empty"));
  EXPECT_THAT(refusal("descriptors.weights={pitch: 2}"), testing::HasSubstr("descriptors.weights: 'pitch' is not among descriptors.controls"));
  EXPECT_THAT(refusal("descriptors.weights={rms: 0}"), testing::HasSubstr("descriptors.weights.rms: 0 must be more than 0"));
  EXPECT_THAT(refusal("descriptors.weights={loudnes: 2}"), testing::HasSubstr("did you mean 'loudness'?"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.minimises.exchange_periodicity=1"), testing::HasSubstr("exchange_periodicity hears pitch, and none of them is among descriptors.controls"));
  EXPECT_THAT(refusal("descriptors.controls=[pitch]", "descriptors.weights={pitch: 2}"),
              testing::HasSubstr("'pitch' has no differentiable twin to weigh"));
  EXPECT_THAT(refusal("descriptors.controls=[pitch]", kRepresentation + "autoencoder.minimises.exchange_movement=1"),
              testing::HasSubstr("hears rms or centroid or bandwidth or flatness or rolloff, and none of them is among descriptors.controls (pitch)"));
  EXPECT_THAT(refusal("training.phases.representation.players.autoencoder.minimises.fulband_stft=1"),
              testing::HasSubstr("unknown name 'fulband_stft' (did you mean 'fullband_stft'?)"));
  EXPECT_THAT(refusal("training.phases.representation.players.latent_discriminator.trains=[decoder]"),
              testing::HasSubstr("is trained by another player of this phase already"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.minimises.fader_reversal=1"),
              testing::HasSubstr("autoencoder.minimises.fader_reversal teaches encoder and latent_discriminator, but the player trains encoder, decoder"));
  EXPECT_THAT(refusal(kRepresentation + "latent_discriminator.minimises.fader_uniform=1"),
              testing::HasSubstr("teaches encoder, but the player trains latent_discriminator"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.trains=[encoder, decoder, latent_discriminator]"),
              testing::HasSubstr("a player that trains it too would teach it to err"));
  const std::string judges = "training.waveform_discriminator";
  EXPECT_THAT(refusal(judges + ".scales=0"), testing::HasSubstr("has no judge: scales is 0, periods and stft_sizes are empty"));
  EXPECT_THAT(refusal(judges + ".periods=[3, 3]"), testing::HasSubstr("periods: a number stands twice"));
  EXPECT_THAT(refusal(judges + ".capacity=6"), testing::HasSubstr("capacity: 6 must be a multiple of 4"));
  EXPECT_THAT(refusal(judges + ".stft_sizes=[8192]"), testing::HasSubstr("stft_sizes: 8192 must be less than twice data.segment (4096)"));
  EXPECT_THAT(refusal(judges + "={stft_sizes: [64], stft_bands: [0.5, 0.5]}"), testing::HasSubstr("0.5 is bin 16 of 32 after bin 16"));
  EXPECT_THAT(refusal("training.adversarial=square"), testing::HasSubstr("least_squares"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.turns=[0, 1]"), testing::HasSubstr("autoencoder.turns: 1 must be less than every (1)"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder={every: 4, turns: [1]}"), testing::HasSubstr("autoencoder needs trains and minimises"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.minimises.mel_mse=1"),
              testing::HasSubstr("mel_mse compares spectrograms, and a model of type rave makes waveforms"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.turns=[]"), testing::HasSubstr("autoencoder.turns is empty"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.repeat=2"), testing::HasSubstr("only a player of discriminators can repeat"));
}

TEST(RunConfig, APhaseWithoutStepsNeedNotFit) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/rave.yaml");
  const std::string phase = "training.phases.adversarial";
  config::set(root, phase + ".players.decoder.minimises.reconstruction_movement=1");
  EXPECT_THAT(error_of([&] { read_run_config(root); }), testing::HasSubstr("reconstruction_movement needs descriptors.controls, which is empty"));
  config::set(root, phase + ".steps=0");
  EXPECT_EQ(error_of([&] { read_run_config(root); }), "no error");
}

TEST(RunConfig, OfAMelVaeChecksWhatItIsOf) {
  const auto refusal = [](const std::string& setting) {
    return error_of([&] {
      config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/mel/f_vae.yaml");
      config::set(root, setting);
      read_run_config(root);
    });
  };
  EXPECT_EQ(refusal("seed=2"), "no error");
  EXPECT_EQ(refusal("data.sample_rate=44100"), "model.sample_rate: 16000 must be data.sample_rate (44100): a mel_vae's bands are cut for it");
  EXPECT_EQ(refusal("training.batch=1"), "training.batch: 1, but a mel_vae normalises by the batch and needs 2 latents in it");
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.minimises.exchange_consistency=1"),
              testing::HasSubstr("exchange_consistency compares waveforms, and a model of type mel_vae makes spectrograms"));
  EXPECT_THAT(refusal("data.segment=64000"), testing::HasSubstr("must be a multiple of the model's hop of 64512 samples, and at least 1 of them"));
  EXPECT_THAT(refusal("model.latent={type: plain}"), testing::HasSubstr("kl needs a gaussian latent"));
}

}  // namespace
}  // namespace nr
