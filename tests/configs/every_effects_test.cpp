// Every config of effects is a test: it fits, and small it trains, is read back and evaluated.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "config/locate.h"
#include "evaluation/results.h"
#include "nn/checkpoint.h"
#include "support/config_files.h"
#include "support/effects_run.h"
#include "support/errors.h"
#include "systems/effects.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

// Those that train; others stand over one of them.
std::vector<std::string> effects_configs() {
  std::vector<std::string> out;
  for (const char* folder : {"/configs/effects", "/experiments/effects_space"})
    for (const auto& entry : fs::directory_iterator(kSource + folder))
      if (entry.path().extension() == ".yaml" &&
          config::locate(config::load(entry.path()), "model.direction").kind == config::Value::Kind::kScalar)
        out.push_back(fs::relative(entry.path(), kSource).string());
  std::sort(out.begin(), out.end());
  return out;
}

// Written once for all tests here.
const fs::path& notes_with_effects() {
  static const TemporaryFolder folder;
  static const fs::path set = [] {
    write_notes(folder / "notes");
    return folder / "notes";
  }();
  return set;
}

const fs::path& other_chain() {
  static const TemporaryFolder folder;
  static const fs::path file = [] {
    write_file(folder / "others.yaml", "effects: [{one_of: [{tanh: {drive: 5}}, {cubic: {drive: [0, 1]}}]}]");
    return folder / "others.yaml";
  }();
  return file;
}

class EveryEffects : public testing::TestWithParam<std::string> {};

TEST_P(EveryEffects, TrainsIsReadBackAndEvaluated) {
  const TemporaryFolder folder;
  config::Value root = small_effects(GetParam(), notes_with_effects(), folder / "cache");
  config::set(root, "training.phases.representation.steps", "3");
  if (config::locate(root, "model.regressor").scalar == "flow") config::set(root, "model.latent_size", "2");
  RunConfig config = read_run_config(root);
  for (auto& [name, phase] : config.training.phases)  // every loss has its last weight at once
    for (auto& [optimiser, of] : phase.optimisers)
      for (auto& [loss, weight] : of.losses) weight = weight.to;
  prepare(config.data, config.descriptors);
  train(config, folder / "run");

  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(folder / "run"));
  const auto one = load_effects(checkpoint), other = load_effects(checkpoint);
  const auto seen = one->spectrogram().forward(0.1 * torch::randn({2, 1, 2048}));
  EXPECT_TRUE(one->encode(seen).equal(other->encode(seen)));

  EvaluationConfig evaluation;
  evaluation.clips = 6, evaluation.draws = 2, evaluation.examples = 1, evaluation.bootstrap = 100;
  evaluation.renders = 5, evaluation.candidates = 2, evaluation.chains = {other_chain().string()};
  evaluate({folder / "run"}, evaluation);
  const std::string table = read_file(folder / "run/evaluation/table.md");
  for (const char* row : {"| run |", "| dry sound |", "| training mean |", "| random effect |", "| chance |",
                          "Note kept", "others"})
    EXPECT_THAT(table, HasSubstr(row));
  const bool matches = one->model().direction == "matching";
  EXPECT_EQ(table.find("then 5 renders |") != std::string::npos, matches);
  const std::string page = read_file(folder / "run/evaluation/report.html");
  for (const char* what : {"<audio", "scatter", "t-SNE", matches ? "infers " : "effect put on"})
    EXPECT_THAT(page, HasSubstr(what));

  evaluate({folder / "run"}, evaluation, folder / "again");
  EXPECT_EQ(read_file(folder / "again/table.md"), table) << "the same pairs at every evaluation";
}

INSTANTIATE_TEST_SUITE_P(Configs, EveryEffects, testing::ValuesIn(effects_configs()), name_of);

TEST(EffectsConfigs, FitAtTheirFullSize) {
  for (const std::string& file : effects_configs()) {
    config::Value root = config::load(kSource + "/" + file);
    config::set(root, "data.effects", kSource + "/" + config::locate(root, "data.effects").scalar);
    EXPECT_EQ(error_of([&] { read_run_config(root); }), "no error") << file;
  }
}

}  // namespace
}  // namespace nr
