#include "training/prior.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "nn/prior.h"
#include "support/errors.h"
#include "support/tiny_prior.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

struct Workshop {
  TemporaryFolder folder;
  PriorRunConfig config;

  Workshop() {
    train_tiny_run(folder);
    config = read_prior_config(tiny_prior(folder));
  }
};

TEST(TrainPrior, ResumedEqualsUninterruptedBitForBitWhateverBecomesOfTheRun) {
  Workshop shop;
  train_prior(shop.config, shop.folder / "whole", false);
  PriorRunConfig half = shop.config;
  half.training.steps = 5;
  train_prior(half, shop.folder / "parts", false);
  fs::remove_all(shop.folder / "run");
  train_prior(shop.config, shop.folder / "parts", true);
  const Checkpoint whole = read_checkpoint(shop.folder / "whole/checkpoints/last.safetensors");
  const Checkpoint parts = read_checkpoint(shop.folder / "parts/checkpoints/last.safetensors");
  EXPECT_EQ(whole.texts.at("step"), "12");
  ASSERT_EQ(whole.tensors.size(), parts.tensors.size());
  for (const auto& [name, tensor] : whole.tensors) EXPECT_TRUE(tensor.equal(parts.tensors.at(name))) << name;
  const std::string journal = read_file(shop.folder / "parts/journal.jsonl");
  for (const char* number : {"\"nats\":", "\"marginal_nats\":", "\"validation/nats\":", "\"validation/marginal_nats\":"})
    EXPECT_THAT(journal, HasSubstr(number));
}

TEST(TrainPrior, LeavesTheMarginalsBehindOnRealLatents) {
  Workshop shop;
  shop.config.training.steps = 150, shop.config.training.lr = 0.01, shop.config.training.validate_every = 150;
  train_prior(shop.config, shop.folder / "prior", false);
  std::istringstream journal(read_file(shop.folder / "prior/journal.jsonl"));
  std::string last;
  for (std::string line; std::getline(journal, line);)
    if (line.find("\"nats\"") != std::string::npos) last = line;
  const auto number = [&](const std::string& key) { return std::stod(last.substr(last.find("\"" + key + "\":") + key.size() + 3)); };
  EXPECT_LT(number("nats"), number("marginal_nats") - 0.3) << last;
}

TEST(TrainPrior, RefusesWhatDoesNotBelongTogether) {
  Workshop shop;
  PriorRunConfig config = shop.config;
  config.training.frames = 6;
  EXPECT_THAT(error_of([&] { train_prior(config, shop.folder / "short", false); }),
              HasSubstr("training.frames: 6 must be more than the diagonal shift of 6 frames (7 dimensions"));
  train_prior(shop.config, shop.folder / "prior", false);
  EXPECT_THAT(error_of([&] { train_prior(shop.config, shop.folder / "prior", false); }), HasSubstr("holds a trained run already"));
  config = shop.config;
  config.prior.width = 9;
  EXPECT_THAT(error_of([&] { train_prior(config, shop.folder / "prior", true); }), HasSubstr("but the config describes"));
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

TEST(PriorConfig, NeedsARun) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/prior/tiny.yaml");
  config::set(root, "prior.run", "''");
  EXPECT_EQ(error_of([&] { read_prior_config(root); }), "prior.run is empty: expected the folder of a trained run");
  config::set(root, "prior.mixture", "3");
  EXPECT_THAT(error_of([&] { read_prior_config(root); }), HasSubstr("prior has no field 'mixture' (did you mean 'mixtures'?)"));
}

}  // namespace
}  // namespace nr
