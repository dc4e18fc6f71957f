// Every config of configs/flow_synthesizer is a test: it fits the synthesizer, and small it trains, is read back and
// evaluated.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "config/locate.h"
#include "config/reader.h"
#include "data/prepare.h"
#include "evaluation/results.h"
#include "evaluation/synthesizer.h"
#include "nn/checkpoint.h"
#include "support/config_files.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/synthesizer_run.h"
#include "support/temporary.h"
#include "synth/subtractive_fm.h"
#include "systems/synthesizer.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

const std::vector<std::string> kColumns{"filter_cutoff", "amp_attack", "osc1_semitones", "osc1_wave"};

bool is_model(const fs::path& file) {
  const config::Value root = config::load(file);
  return config::locate(root, "model.type").scalar == SynthesizerConfig::kType;
}

// Those that train. The others are sets of data, which stand over one of them.
std::vector<std::string> synthesizer_configs() {
  std::vector<std::string> out;
  for (const char* folder : {"/configs/flow_synthesizer", "/experiments/flow_synthesizer"})
    if (fs::exists(kSource + folder))
      for (const auto& entry : fs::directory_iterator(kSource + folder))
        if (entry.path().extension() == ".yaml" && is_model(entry.path()))
          out.push_back(fs::relative(entry.path(), kSource).string());
  std::sort(out.begin(), out.end());
  return out;
}

// Rendered once for all tests here.
const fs::path& small_set() {
  static const TemporaryFolder folder;
  static const fs::path set = [] {
    render_small_set(folder / "set", kColumns, 40);
    return folder / "set";
  }();
  return set;
}

class EverySynthesizer : public testing::TestWithParam<std::string> {};

TEST_P(EverySynthesizer, TrainsIsReadBackAndEvaluated) {
  const TemporaryFolder folder;
  config::Value root = config::load(fs::path(kSource) / GetParam());
  const RunConfig full = read_run_config(root);
  make_small(root, small_set(), folder / "cache", kColumns);
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"model.channels", "3"}, {"model.layers", "2"}, {"model.widths", "[8, 8]"}, {"model.ode_steps", "4"},
           {"model.tokens", "4"}, {"model.token_width", "8"}, {"model.token_layers", "1"}})
    config::set(root, key, yaml);
  for (const auto& [name, phase] : full.training.phases) config::set(root, "training.phases." + name + ".steps", "3");
  RunConfig config = read_run_config(root);
  for (auto& [name, phase] : config.training.phases)  // every loss has its last weight at once
    for (auto& [optimiser, of] : phase.optimisers)
      for (auto& [loss, weight] : of.losses) weight = weight.to;
  prepare(config.data, config.descriptors);
  train(config, folder / "run");

  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(folder / "run"));
  SynthesizerSystem one(run_config_of(checkpoint)), other(run_config_of(checkpoint));
  for (SynthesizerSystem* system : {&one, &other}) system->restore(checkpoint), system->set_mode({});
  const auto seen = one.spectrogram(0.1 * torch::randn({2, 1, 4096}));
  EXPECT_TRUE(one.infer(seen, 1).equal(other.infer(seen, 1))) << "the same weights infer the same";

  EvaluationConfig evaluation;
  evaluation.clips = 3, evaluation.examples = 1, evaluation.bootstrap = 100, evaluation.renders = 5;
  evaluate({folder / "run"}, evaluation);
  const std::string table = read_file(folder / "run/evaluation/table.md");
  for (const char* row : {"| run |", "| training mean |", "| nearest training preset |", "| random training preset |",
                          "| render floor | 0.000 ± 0.000", "then 5 renders |"})
    EXPECT_THAT(table, HasSubstr(row));
  const std::string page = read_file(folder / "run/evaluation/report.html");
  EXPECT_THAT(page, HasSubstr("audio"));
  const bool latent = one.latent_size() > 0 && !one.draws();
  EXPECT_EQ(page.find("Macro-controls") != std::string::npos, latent);
  EXPECT_EQ(table.find("The latent. Smoothness") != std::string::npos, latent);
  EXPECT_EQ(table.find("Semantic dimensions") != std::string::npos, latent && !config.data.tags.empty());
}

INSTANTIATE_TEST_SUITE_P(Configs, EverySynthesizer, testing::ValuesIn(synthesizer_configs()), name_of);

// The sets: fragments that other configs extend.
TEST(SynthesizerSets, NameTheFirstParametersOfTheSynthesizer) {
  const auto of = [&](const std::string& file, const char* section) {
    std::vector<std::string> names;
    config::Value root = config::load(kSource + file);
    for (const config::Value& item : root[section]["parameters"].items) names.push_back(item.scalar);
    return names;
  };
  EXPECT_EQ(of("/configs/flow_synthesizer/synthv1_64.yaml", "data"), of("/data/synthv1_64.yaml", "presets"));
  EXPECT_THAT(of("/data/synthv1_64.yaml", "presets"), testing::SizeIs(64));
  for (const size_t count : {16, 32, 64}) {
    const std::string number = std::to_string(count);
    const auto names = of("/configs/flow_synthesizer/" + number + ".yaml", "data");
    ASSERT_EQ(names.size(), count);
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(names[i], subtractive_fm_parameters()[i].name);
    EXPECT_EQ(of("/data/subtractive_fm_" + number + ".yaml", "presets"), names);
  }
}

// A folder of recordings in place of the test split: there is no right answer and no floor.
TEST(SynthesizerEvaluation, InfersRecordingsOfOtherSources) {
  const TemporaryFolder folder;
  train_small(folder, "flow_matching.yaml");
  write_recordings(folder / "voices", 2, 8000, 0.7);
  EvaluationConfig config;
  config.recordings = {folder / "voices"}, config.bootstrap = 100, config.candidates = 2;
  evaluate({folder / "run"}, config);
  const std::string table = read_file(folder / "run/evaluation/table.md");
  EXPECT_THAT(table, HasSubstr("; 2 sounds."));
  for (const char* row : {"| run, best of 2 |", "| nearest training preset |"}) EXPECT_THAT(table, HasSubstr(row));
  EXPECT_THAT(table, testing::Not(HasSubstr("render floor")));
  EXPECT_THAT(table, testing::Not(HasSubstr("by folder of recordings")));
  write_recordings(folder / "other/violins", 3, 8000, 0.7);
  config.recordings.push_back(folder / "other/violins/");
  evaluate({folder / "run"}, config);
  const std::string both = read_file(folder / "run/evaluation/table.md");
  EXPECT_THAT(both, HasSubstr("; 5 sounds."));
  EXPECT_THAT(both, HasSubstr("| row | voices, 2 sounds | violins, 3 sounds |\n|---|---:|---:|\n| run | "));
  config.recordings.push_back(folder / "none");
  EXPECT_THAT(error_of([&] { evaluate({folder / "run"}, config); }), HasSubstr("none"));
}

TEST(SynthesizerEvaluation, SaysWhatItLacksToRenderAgain) {
  const TemporaryFolder folder;
  render_small_set(folder / "set", kColumns, 30);
  config::Value root = config::load(kSource + "/configs/flow_synthesizer/mlp.yaml");
  make_small(root, folder / "set", folder / "cache", kColumns);
  config::set(root, "model.widths", "[4]");
  config::set(root, "training.phases.representation.steps", "1");
  const RunConfig config = read_run_config(root);
  prepare(config.data, config.descriptors);
  train(config, folder / "run");
  fs::rename(folder / "set/recipe.yaml", folder / "set/moved.yaml");
  EXPECT_THAT(error_of([&] { evaluate({folder / "run"}, {}); }),
              HasSubstr("set: holds no recipe.yaml: evaluation needs a set that `render` made of presets"));
}

TEST(SynthesizerConfig, IsRefusedWhereItsFieldsDoNotFit) {
  const auto error = [](const std::string& file, const std::string& assignment) {
    config::Value root = config::load(kSource + "/configs/flow_synthesizer/" + file);
    if (!assignment.empty()) config::set(root, assignment);
    return error_of([&] { read_run_config(root); });
  };
  EXPECT_EQ(error("cnn.yaml", ""), "no error");
  EXPECT_THAT(error("cnn.yaml", "data.segment=4096"), HasSubstr("must be model.frames * model.step (81920)"));
  EXPECT_THAT(error("cnn.yaml", "data.parameters=[drife]"),
              HasSubstr("data.parameters: subtractive_fm has no parameter 'drife' (did you mean 'drive'?)"));
  EXPECT_THAT(error("cnn.yaml", "data.parameters=[]"), HasSubstr("there is nothing to infer"));
  EXPECT_THAT(error("cnn.yaml", "model.synth=amsinth"),
              HasSubstr("no synthesizer named 'amsinth' (did you mean 'amsynth'?)"));
  EXPECT_THAT(error("regression_flow.yaml", "model.latent_size=3"),
              HasSubstr("must be the number of continuous parameters, 15"));
  EXPECT_THAT(error("regression_flow_network.yaml", "model.flow.kind=iaf"),
              HasSubstr("model.flow.kind: iaf, but a network gives the weights of planar and sylvester layers"));
  EXPECT_EQ(error("regression_flow_network.yaml", "model.latent_size=40"), "no error");
  EXPECT_THAT(error("regression_flow_amortised.yaml", "model.flow.length=0"), HasSubstr("needs a layer"));
  EXPECT_THAT(error("cnn.yaml", "model.amortisation=network"),
              HasSubstr("model.amortisation: network is of the regressor flow, not of regression"));
  EXPECT_THAT(error("regression_flow_amortised.yaml", "model.amortisation=none"),
              HasSubstr("model.regressor: flow with amortisation: variational"));
  EXPECT_THAT(error("cnn.yaml", "training.phases.representation.optimisers.inference.losses={kl: 1}"),
              HasSubstr("reads posterior.mean, which needs model.latent"));
  EXPECT_THAT(error("cnn.yaml", "training.batch=1"), HasSubstr("training.batch: 1"));
}

}  // namespace
}  // namespace nr
