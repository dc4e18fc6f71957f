// Every config of notes and vocoders is a test: it fits, and small it trains, is read back and evaluated.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "config/locate.h"
#include "config/reader.h"
#include "data/prepare.h"
#include "evaluation/results.h"
#include "nn/checkpoint.h"
#include "support/config_files.h"
#include "support/errors.h"
#include "support/note_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "systems/wae.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

// Files of these folders whose model is of the type; empty: of no type, which stand over another.
std::vector<std::string> note_configs(const std::string& type) {
  std::vector<std::string> out;
  for (const char* folder : {"/configs/wae", "/configs/vocoder", "/experiments/wae_fader"})
    if (fs::exists(kSource + folder))
      for (const auto& entry : fs::directory_iterator(kSource + folder))
        if (entry.path().extension() == ".yaml" && entry.path().filename() != "table.yaml" &&
            config::locate(config::load(entry.path()), "model.type").scalar == type)
          out.push_back(fs::relative(entry.path(), kSource).string());
  std::sort(out.begin(), out.end());
  return out;
}

// Written once for all tests here.
const fs::path& notes() {
  static const TemporaryFolder folder;
  static const fs::path set = [] {
    write_notes(folder / "notes");
    return folder / "notes";
  }();
  return set;
}

// Two steps a phase, and every loss has its last weight at once.
RunConfig two_steps(config::Value& root) {
  const RunConfig full = read_run_config(root);
  for (const auto& [name, phase] : full.training.phases)
    if (phase.steps > 0) config::set(root, "training.phases." + name + ".steps", "2");
  RunConfig out = read_run_config(root);
  for (auto& [name, phase] : out.training.phases)
    for (auto& [optimiser, of] : phase.optimisers)
      for (auto& [loss, weight] : of.losses) weight = weight.to;
  return out;
}

EvaluationConfig quick() {
  EvaluationConfig out;
  out.examples = 1, out.bootstrap = 100;
  return out;
}

class EveryWae : public testing::TestWithParam<std::string> {};

TEST_P(EveryWae, TrainsIsReadBackAndEvaluated) {
  const TemporaryFolder folder;
  config::Value root = config::load(fs::path(kSource) / GetParam());
  read_run_config(root);
  make_small_wae(root, notes(), folder / "cache");
  const RunConfig config = two_steps(root);
  prepare(config.data, config.descriptors);
  train(config, folder / "run");

  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(folder / "run"));
  const auto one = load_wae(checkpoint), other = load_wae(checkpoint);
  const auto seen = one->spectrogram().forward(0.1 * torch::randn({2, 1, 2048}));
  EXPECT_TRUE(one->encode(seen).equal(other->encode(seen)));
  const auto c = torch::rand({2, one->classes()});
  EXPECT_TRUE(one->decode(one->encode(seen), c).equal(other->decode(other->encode(seen), c)));

  evaluate({folder / "run"}, quick());
  const std::string table = read_file(folder / "run/evaluation/table.md");
  for (const char* row : {"| run |", "| recorded notes |", "| chance |", "log-spectral", "Latents: distance"})
    EXPECT_THAT(table, HasSubstr(row));
  EXPECT_EQ(table.find("Control: semitone | combinations") != std::string::npos, one->classes() > 0);
  const std::string page = read_file(folder / "run/evaluation/report.html");
  for (const char* what : {"<audio", "scatter", "t-SNE"}) EXPECT_THAT(page, HasSubstr(what));
}

TEST(NotesPage, GoesThroughTheKeptCheckpoints) {
  const TemporaryFolder folder;
  config::Value root = config::load(kSource + "/configs/wae/wae_style.yaml");
  make_small_wae(root, notes(), folder / "cache");
  for (const char* setting : {"training.phases.representation.steps=3", "training.checkpoint_every=1",
                              "training.keep=5"})
    config::set(root, setting);
  const RunConfig config = read_run_config(root);
  prepare(config.data, config.descriptors);
  train(config, folder / "run");
  evaluate({folder / "run"}, quick());
  const std::string page = read_file(folder / "run/evaluation/report.html");
  for (const char* step : {"step 1", "step 2", "step 3"})
    EXPECT_THAT(page, HasSubstr(std::string("&quot;n&quot;:&quot;") + step + "&quot;"));
}

class EveryVocoder : public testing::TestWithParam<std::string> {};

TEST_P(EveryVocoder, TrainsIsReadBackAndEvaluated) {
  const TemporaryFolder folder;
  config::Value root = config::load(fs::path(kSource) / GetParam());
  read_run_config(root);
  make_small_notes(root, notes(), folder / "cache");
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"data.labels", "[]"},
           {"data.classes", "{}"},
           {"model.heads", "2"},
           {"model.channels", "8"},
           {"model.width", "8"},
           {"model.blocks", "1"},
           {"training.stft_sizes", "[512, 256]"},
           {"training.waveform_discriminator.stft_sizes", "[]"},
           {"training.waveform_discriminator.scales", "1"},
           {"training.waveform_discriminator.capacity", "4"}})
    config::set(root, key, yaml);
  const RunConfig config = two_steps(root);
  prepare(config.data, config.descriptors);
  train(config, folder / "run");
  evaluate({folder / "run"}, quick());
  const std::string table = read_file(folder / "run/evaluation/table.md");
  for (const char* row : {"| run |", "| Griffin-Lim, 100 |", "| fast Griffin-Lim, 100 |"})
    EXPECT_THAT(table, HasSubstr(row));
}

INSTANTIATE_TEST_SUITE_P(Configs, EveryWae, testing::ValuesIn(note_configs("wae")), name_of);
INSTANTIATE_TEST_SUITE_P(Configs, EveryVocoder, testing::ValuesIn(note_configs("vocoder")), name_of);

TEST(WaeConfigs, AlsoFitWithWhatStandsOverThem) {
  for (const std::string& over : note_configs(""))
    if (over.find("data.yaml") == std::string::npos) {
      EXPECT_EQ(error_of([&] {
                  read_run_config(config::load(kSource + "/configs/wae/wae_note.yaml+" + kSource + "/" + over));
                }),
                "no error")
          << over;
    }
}

// Of the published schedule: nothing in the first tenth, 4 from the middle on.
TEST(WaeConfigs, RaiseTheFadersWeightAsPublished) {
  const RunConfig config = read_run_config(config::load(kSource + "/configs/wae/wae_fader.yaml"));
  for (const auto& [name, phase] : config.training.phases) {
    if (phase.steps == 0) continue;
    const Schedule& weight = phase.optimisers[0].second.losses.at("fader_confusion");
    const int64_t steps = phase.steps;
    for (int64_t step = 0; step <= steps / 10; step += 100) EXPECT_EQ(weight.at(step), 0) << step;
    EXPECT_GT(weight.at(steps / 10 + 1), 0);
    EXPECT_NEAR(weight.at((steps / 10 + steps / 2) / 2), 2, 1e-9) << "half of it, half of the way";
    for (int64_t step = steps / 2; step <= steps; step += 100) EXPECT_EQ(weight.at(step), 4) << step;
  }
}

TEST(WaeConfigs, AreRefusedWhereFieldsDoNotFit) {
  const auto error = [](const std::string& assignment, const std::string& other = "seed=1") {
    config::Value root = config::load(kSource + "/configs/wae/wae_fader.yaml");
    config::set(root, assignment), config::set(root, other);
    return error_of([&] { read_run_config(root); });
  };
  EXPECT_EQ(error("seed=2"), "no error");
  EXPECT_THAT(error("data.segment=4096"), HasSubstr("must be model.frames * model.step (32768)"));
  EXPECT_THAT(error("model.conditions=[semiton]"), HasSubstr("'semiton' is not among data.labels (did you mean 'semi"));
  EXPECT_THAT(error("model.faded=style"), HasSubstr("model.faded: 'style' has no classes in data.classes"));
  EXPECT_THAT(error("model.faded=\"\""), HasSubstr("reads batch.classes, which needs model.faded, which is empty"));
  EXPECT_THAT(error("data.classes.instrument=[flute]"), HasSubstr("has 1 class, but it takes 2 to tell apart"));
  EXPECT_THAT(error("data.classes.instrument=[flute, oboe, flute]"), HasSubstr("'flute' stands there twice"));
  EXPECT_THAT(error("model.film=false", "model.conditional_norm=false"), HasSubstr("nothing reads the conditions"));
  EXPECT_THAT(error("training.batch=1"), HasSubstr("training.batch: 1"));
}

}  // namespace
}  // namespace nr
