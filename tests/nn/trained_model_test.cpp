#include <gmock/gmock.h>

#include <chrono>

#include "base/files.h"
#include "base/hash.h"
#include "base/random.h"
#include "config/writer.h"
#include "nn/checkpoint.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "support/tiny_model.h"

namespace nr {
namespace {
using testing::EndsWith;
using testing::HasSubstr;

class RunFolder : public testing::Test {
 protected:
  TemporaryFolder folder;
  const std::filesystem::path last = folder / "checkpoints/last.safetensors";
  const RunConfig run = tiny_run_config();
  Autoencoder model{autoencoder_of(run.model), 1};
  Checkpoint checkpoint = tiny_checkpoint(run, model);
  std::string refusal() {
    write_checkpoint(last, checkpoint);
    return error_of([&] { load_model(folder.path()); });
  }
};

TEST_F(RunFolder, GivesTheModelItsScalesAndItsRate) {
  write_checkpoint(last, checkpoint);
  for (const auto& path : {folder.path(), last}) {
    TrainedModel loaded = load_model(path);
    EXPECT_EQ(loaded.config.data.sample_rate, 22050);
    EXPECT_EQ(loaded.step, 1234);
    EXPECT_EQ(loaded.config.descriptors.controls, std::vector<std::string>{"rms"});
    ASSERT_EQ(loaded.scales.size(), 1u);
    EXPECT_EQ(loaded.scales[0].edges, (std::vector<double>{-30, -20}));
    EXPECT_FALSE(loaded.model->is_training());
    model.eval();
    const torch::NoGradGuard no_grad;
    const auto x = torch::randn({1, 1, 64});
    EXPECT_TRUE(loaded.model->encode(x).posterior.mean.equal(model.encode(x).posterior.mean));
  }
}

TEST_F(RunFolder, WithoutALastCheckpointGivesTheNewest) {
  write_checkpoint(folder / "checkpoints/best_representation.safetensors", checkpoint);
  std::filesystem::last_write_time(folder / "checkpoints/best_representation.safetensors",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  checkpoint.texts["step"] = "2000";
  write_checkpoint(folder / "checkpoints/best_adversarial.safetensors", checkpoint);
  EXPECT_EQ(load_model(folder.path()).step, 2000);
}

// Written before optimisers, their parts and their losses had these names.
TEST_F(RunFolder, OfAnEarlierVersionIsReadToo) {
  config::Value old = config::parse_text(config::dump(run));
  config::set(old, "training.phases.first.steps", "10");
  const std::string players = "training.phases.first.players.autoencoder.";
  config::set(old, players + "trains", "[encoder, decoder]");
  config::set(old, players + "minimises", "{attribute_prediction: 1}");
  config::set(old, players + "turns", "[0]");
  checkpoint.texts["config"] = config::dump(old);
  write_checkpoint(last, checkpoint);
  const TrainedModel loaded = load_model(folder.path());
  const OptimiserConfig& optimiser = loaded.config.training.phases.at(0).second.optimisers.at(0).second;
  EXPECT_EQ(optimiser.parts, (std::vector<std::string>{"encoder", "decoder"}));
  EXPECT_EQ(optimiser.losses.count("fader_discriminator"), 1u);
}

TEST_F(RunFolder, WithoutACheckpointAsksToTrainFirst) {
  EXPECT_EQ(error_of([&] { load_model(folder.path()); }),
            "no checkpoint in " + (folder / "checkpoints").string() + ": train first");
  EXPECT_THAT(error_of([&] { load_model(folder / "nowhere"); }), EndsWith("nowhere: no such run folder or checkpoint"));
}

TEST_F(RunFolder, OfAPriorSaysWhoTakesItAndWhatToNameInstead) {
  RunConfig prior = run;
  prior.model = PriorConfig{"runs/flute"};
  checkpoint.texts["config"] = config::dump(prior);
  EXPECT_THAT(refusal(), EndsWith("last.safetensors: holds a prior, which `generate` plays; expected a model, such as "
                                  "the one it was trained on, runs/flute"));
}

TEST_F(RunFolder, OfAnotherGraphNamesBothHashes) {
  checkpoint.texts["config"] = config::dump(tiny_run_config(4));
  const std::string found = hex(model.graphs().hash()),
                    expected = hex(Autoencoder(autoencoder_of(tiny_run_config(4).model), 1).graphs().hash());
  EXPECT_THAT(refusal(),
              EndsWith("last.safetensors: holds weights of the graph " + found + ", but its config describes " +
                       expected + ": config and weights do not belong together"));
}

TEST_F(RunFolder, WithoutWhatAModelNeedsSaysWhatIsMissing) {
  const Checkpoint whole = checkpoint;
  for (const char* key : {"config", "scales", "graph", "step"}) {
    checkpoint = whole;
    checkpoint.texts.erase(key);
    EXPECT_THAT(refusal(), HasSubstr(text("last.safetensors: holds no '", key, "'")));
  }
  checkpoint = whole;
  checkpoint.tensors.erase("model/encoder.encoder/norm0/mean");
  EXPECT_THAT(refusal(), HasSubstr("holds no tensor 'model/encoder.encoder/norm0/mean'"));
  checkpoint = whole;
  checkpoint.texts["scales"] = "scales: []";
  EXPECT_THAT(refusal(), HasSubstr("holds 0 scales for 1 controls"));
  checkpoint = whole;
  checkpoint.texts["step"] = "soon";
  EXPECT_THAT(refusal(), HasSubstr("its step 'soon' is no number"));
  checkpoint = whole;
  checkpoint.texts["config"] = "model: {type: rave}\ndescriptors: {}\n";
  EXPECT_THAT(refusal(), HasSubstr("last.safetensors (config): holds no 'data'"));
  checkpoint.texts["config"] = "data: {}\ndescriptors: {}\nmodel: {type: rave, capcity: 3}\n";
  EXPECT_THAT(refusal(),
              HasSubstr("last.safetensors (config):3: model has no field 'capcity' (did you mean 'capacity'?)"));
}

TEST_F(RunFolder, WithAnyDamagedHeaderEndsInOneLineOrAValidModel) {
  write_checkpoint(last, checkpoint);
  const std::string whole = read_file(last);
  uint64_t header = 0;
  std::copy_n(whole.data(), 8, reinterpret_cast<char*>(&header));
  int refused = 0;
  for (int i = 0; i < 200; ++i) {
    Random random(7, i);
    std::string bytes = whole;
    for (uint64_t flips = 1 + random.below(3); flips; --flips)
      bytes[random.below(8 + header)] ^= char(1 << random.below(8));
    write_file(last, bytes);
    const std::string error = error_of([&] { load_model(folder.path()); });
    refused += error != "no error";
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace nr
