#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "nn/prior.h"
#include "support/errors.h"
#include "support/tiny_prior.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

struct PriorWorkshop {
  TemporaryFolder folder;
  RunConfig config;

  PriorWorkshop() {
    train_tiny_run(folder);
    config = read_run_config(tiny_prior(folder));
  }
  PriorConfig& prior() { return std::get<PriorConfig>(config.model); }
  PhaseConfig& phase() { return config.training.phases[0].second; }
};

TEST(TrainPrior, ResumedEqualsUninterruptedBitForBitWhateverBecomesOfTheRun) {
  PriorWorkshop shop;
  train(shop.config, shop.folder / "whole");
  RunConfig half = shop.config;
  half.training.phases[0].second.steps = 5;
  train(half, shop.folder / "parts");
  fs::remove_all(shop.folder / "run");
  train(shop.config, shop.folder / "parts", {true, {"config"}});
  const Checkpoint whole = read_checkpoint(shop.folder / "whole/checkpoints/last.safetensors");
  const Checkpoint parts = read_checkpoint(shop.folder / "parts/checkpoints/last.safetensors");
  EXPECT_EQ(whole.texts.at("step"), "12");
  ASSERT_EQ(whole.tensors.size(), parts.tensors.size());
  for (const auto& [name, tensor] : whole.tensors) EXPECT_TRUE(tensor.equal(parts.tensors.at(name))) << name;
  const std::string journal = read_file(shop.folder / "parts/journal.jsonl");
  for (const char* number : {"\"prior/nats\":", "\"marginal_nats\":", "\"validation/nats\":", "\"validation/marginal_nats\":"})
    EXPECT_THAT(journal, HasSubstr(number));
}

TEST(TrainPrior, LeavesTheMarginalsBehindOnRealLatents) {
  PriorWorkshop shop;
  shop.phase().steps = 150, shop.phase().optimisers[0].second.lr = 0.01, shop.config.training.validate_every = 150;
  train(shop.config, shop.folder / "prior");
  std::istringstream journal(read_file(shop.folder / "prior/journal.jsonl"));
  std::string last;
  for (std::string line; std::getline(journal, line);)
    if (line.find("\"prior/nats\"") != std::string::npos) last = line;
  const auto number = [&](const std::string& key) { return std::stod(last.substr(last.find("\"" + key + "\":") + key.size() + 3)); };
  EXPECT_LT(number("prior/nats"), number("marginal_nats") - 0.3) << last;
}

TEST(TrainPrior, RefusesWhatDoesNotBelongTogether) {
  PriorWorkshop shop;
  const RunConfig config = shop.config;
  shop.prior().frames = 6;
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "short"); }),
              HasSubstr("model.frames: 6 must be more than the diagonal shift of 6 frames (7 dimensions"));
  train(config, shop.folder / "prior");
  EXPECT_THAT(error_of([&] { train(config, shop.folder / "prior"); }), HasSubstr("holds a trained run already"));
  shop.config = config, shop.prior().width = 9;
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "prior", {true, {}}); }), HasSubstr("but the config describes"));
  shop.config = config, shop.config.data.inputs = {"elsewhere"};
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "other"); }), HasSubstr("a prior is trained on the data of its model"));
  EXPECT_THAT(error_of([&] { load_prior(shop.folder / "run"); }), HasSubstr("last.safetensors: holds a model, which `evaluate` and `export` take; expected a prior"));
  Checkpoint cut = read_checkpoint(shop.folder / "prior/checkpoints/last.safetensors");
  cut.texts.erase("model");
  write_checkpoint(shop.folder / "prior/checkpoints/cut.safetensors", cut);
  EXPECT_THAT(error_of([&] { load_prior(shop.folder / "prior/checkpoints/cut.safetensors"); }), HasSubstr("cut.safetensors: holds no 'model': not a checkpoint"));
  Checkpoint other = read_checkpoint(shop.folder / "prior/model.safetensors");
  other.texts["step"] = "3";
  write_checkpoint(shop.folder / "prior/model.safetensors", other);
  EXPECT_THAT(error_of([&] { load_prior(shop.folder / "prior"); }), HasSubstr("was trained on the model"));
}

TEST(TrainPrior, IsReadWithItsModelsDataInItsConfig) {
  PriorWorkshop shop;
  train(shop.config, shop.folder / "prior");
  const RunConfig stored = run_config_of(read_checkpoint(shop.folder / "prior/checkpoints/last.safetensors"));
  EXPECT_EQ(stored.data.inputs, std::vector<std::string>{(shop.folder / "audio").string()});
  EXPECT_EQ(stored.data.segment, 16 * 32);
}

TEST(PriorConfig, NeedsARun) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/prior/tiny.yaml");
  config::set(root, "model.run", "''");
  EXPECT_THAT(error_of([&] { read_run_config(root); }), HasSubstr("model.run is empty: expected the folder of a trained run"));
  config::set(root, "model.mixture", "3");
  EXPECT_THAT(error_of([&] { read_run_config(root); }), HasSubstr("model has no field 'mixture' (did you mean 'mixtures'?)"));
}

TEST(PriorConfig, TakesNoLossThatReadsWhatAPriorDoesNotHave) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/prior/tiny.yaml");
  config::set(root, "training.phases.prior.optimisers.prior.losses.kl", "1");
  EXPECT_THAT(error_of([&] { read_run_config(root); }), HasSubstr("losses.kl reads posterior.mean, which a prior does not have"));
}

}  // namespace
}  // namespace nr
