#include "evaluation/evaluate.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "config/command_line.h"
#include "data/prepare.h"
#include "evaluation/subject.h"
#include "nn/safetensors.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::Not;

// Small runs, trained for a few steps on small recordings.
struct Workshop {
  TemporaryFolder folder;
  EvaluationConfig config;
  Workshop() {
    write_recordings(folder / "audio", 14, 8000, 1.2);
    config.bootstrap = 200, config.examples = 2;
  }
  fs::path run(const std::string& model, const std::string& name, const std::vector<std::string>& settings = {},
               const std::string& audio = "audio") {
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/" + model + ".yaml");
    config::set(root, "data.inputs", "[" + (folder / audio).string() + "]");
    config::set(root, "data.cache", (folder / (audio + ".cache")).string());
    config::set(root, "data.test", "0.4");
    config::set(root, "device", "cpu");
    for (const std::string& setting : settings) config::set(root, setting);
    const RunConfig run = read_run_config(root);
    prepare(run.data, run.descriptors);
    train(run, folder / name);
    return folder / name;
  }
};

nlohmann::json results(const fs::path& folder) { return nlohmann::json::parse(read_file(folder / "results.json")); }

TEST(Evaluate, PutsAModelWithFadersBesideTheSameWithout) {
  Workshop shop;
  const fs::path steered = shop.run("consistent", "steered"), plain = shop.run("rave", "plain");
  evaluate({steered, plain}, shop.config);
  const auto root = results(steered / "evaluation");
  ASSERT_EQ(root["runs"].size(), 6u);
  EXPECT_EQ(root["runs"][0]["clips"], root["runs"][1]["clips"]);
  const std::vector<std::string> floors{"floor: deaf", "floor: average curve", "floor: edges only",
                                        "ceiling: a frame late"};
  for (size_t f = 0; f < floors.size(); ++f) EXPECT_EQ(root["runs"][f + 2]["model"]["run"], floors[f]);
  const auto has = [](const nlohmann::json& run, const std::string& metric) {
    return std::any_of(run["rows"].begin(), run["rows"].end(),
                       [&](const auto& row) { return row["metric"] == metric; });
  };
  EXPECT_TRUE(has(root["runs"][0], "control_pearson_all"));
  EXPECT_TRUE(has(root["runs"][1], "multi_scale_stft"));
  EXPECT_FALSE(has(root["runs"][1], "control_pearson_all"));
  EXPECT_TRUE(has(root["runs"][2], "control_pearson_all"));
  EXPECT_TRUE(has(root["runs"][2], "control_interior_spearman_all"));
  EXPECT_FALSE(has(root["runs"][2], "multi_scale_stft"));
  const auto& differences = root["differences"];
  for (const std::string metric : {"multi_scale_stft", "in_tune", "frechet", "steady_lines"})
    EXPECT_EQ(1, std::count_if(differences.begin(), differences.end(),
                               [&](const auto& d) { return d["metric"] == metric; }))
        << metric;
  const std::string markdown = read_file(steered / "evaluation" / "table.md"),
                    page = read_file(steered / "evaluation" / "report.html");
  EXPECT_THAT(markdown, HasSubstr("\n| plain |"));
  for (const char* expected :
       {"plays other pitches than asked", "data:audio/wav;base64,", "data:image/png;base64,", "One control at a time",
        ">Training<", "steered", "plain"})
    EXPECT_THAT(page, HasSubstr(expected));
  for (const char* outside : {"http:", "https:", "<script", "<link"}) EXPECT_THAT(page, Not(HasSubstr(outside)));
  EXPECT_LT(page.size(), 8'000'000u);
}

TEST(Evaluate, GivesTheSameNumbersAgain) {
  Workshop shop;
  const fs::path run = shop.run("consistent", "run", {"training.phases.adversarial.steps=0"});
  evaluate({run}, shop.config, shop.folder / "a");
  evaluate({run}, shop.config, shop.folder / "b");
  EXPECT_EQ(read_file(shop.folder / "a" / "results.json"), read_file(shop.folder / "b" / "results.json"));
  shop.config.clips = 2;
  evaluate({run / "checkpoints" / "last.safetensors"}, shop.config, shop.folder / "few");
  const auto few = results(shop.folder / "few")["runs"][0], all = results(shop.folder / "a")["runs"][0];
  EXPECT_EQ(few["clips"].size(), 2u);
  EXPECT_EQ(few["model"]["run"], "run last");
  EXPECT_EQ(few["model"]["graph_hash"], all["model"]["graph_hash"]);
}

TEST(Evaluate, DoesNotPairRunsOnFilesOfTheSameNamesInDifferentFolders) {
  Workshop shop;
  write_recordings(shop.folder / "viola", 14, 8000, 1.2);
  const std::vector<std::string> briefly{"training.phases.adversarial.steps=0"};
  const fs::path violin = shop.run("rave", "violin", briefly), viola = shop.run("rave", "other", briefly, "viola");
  evaluate({violin, viola}, shop.config);
  const auto root = results(violin / "evaluation");
  EXPECT_EQ(root["runs"][0]["clips"], root["runs"][1]["clips"]);
  EXPECT_NE(root["runs"][0]["data"], root["runs"][1]["data"]);
  EXPECT_FALSE(root.contains("differences"));
  const std::string said =
      "other and violin were evaluated on different recordings: they are not compared clip by clip.";
  EXPECT_THAT(read_file(violin / "evaluation/table.md"), HasSubstr(said));
  const std::string page = read_file(violin / "evaluation/report.html");
  EXPECT_THAT(page, HasSubstr(said));
  EXPECT_THAT(page, Not(HasSubstr("Reconstruction, other"))) << "the examples are the first run's clips";
}

TEST(Evaluate, KeepsToTheSplitsThatTheRunWasTrainedWith) {
  Workshop shop;
  const fs::path run = shop.run("rave", "run", {"training.phases.adversarial.steps=0"});
  const fs::path file = run / "checkpoints/last.safetensors";
  Checkpoint checkpoint = read_checkpoint(file);
  std::string& splits = checkpoint.texts.at("splits");
  const size_t tests = load_subject(file, {}).clips.size();
  const size_t first = splits.find(",test");
  ASSERT_NE(first, std::string::npos);
  splits.replace(first, 5, ",train");
  write_checkpoint(file, checkpoint);
  EXPECT_EQ(load_subject(file, {}).clips.size(), tests - 1);
}

TEST(Evaluate, ReadsItsOptionsFromTheListOfItsFields) {
  EvaluationConfig config;
  CLI::App app("evaluate");
  config::add_options(app, config);
  EXPECT_THAT(app.help(), HasSubstr("test clips used, drawn by the seed; 0: all; at least 0; default 0\n"));
  EXPECT_THAT(app.help(), HasSubstr("resamples of an interval; from 100 to 1000000; default 2000\n"));
  app.parse("--clips 5 --seconds 2.5 --seed 7 --examples 0");
  EXPECT_EQ(config.clips, 5);
  EXPECT_EQ(config.seconds, 2.5);
  EXPECT_EQ(config.seed, 7);
  EXPECT_EQ(config.examples, 0);
  EXPECT_EQ(config.bootstrap, 2000);
  try {
    app.parse("--bootstrap 10");
    ADD_FAILURE() << "--bootstrap 10 was accepted";
  } catch (const CLI::ParseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("command line: --bootstrap: 10 is outside [100, 1"));
  }
}

TEST(Evaluate, OfARunWithoutTestClipsSaysWhatToDo) {
  Workshop shop;
  const fs::path run = shop.run("rave", "run", {"data.test=0", "training.phases.adversarial.steps=0"});
  EXPECT_THAT(error_of([&] { evaluate({run}, shop.config); }),
              HasSubstr("its data has no test clips; give data.test a larger share"));
  EXPECT_FALSE(fs::exists(run / "evaluation"));
}

TEST(Evaluate, OfAPriorWithoutItsModelSaysWhichIsMissing) {
  const TemporaryFolder folder;
  Checkpoint prior;
  prior.texts = {{"config", "prior: {run: runs/flute}\n"}};
  write_checkpoint(folder / "prior/checkpoints/last.safetensors", prior);
  EXPECT_THAT(error_of([&] { evaluate({folder / "prior"}, {}); }),
              HasSubstr("runs/flute: no such run folder or checkpoint"));
  EXPECT_FALSE(fs::exists(folder / "prior/evaluation"));
}

TEST(Evaluate, NeedsARun) {
  EXPECT_EQ(error_of([] { evaluate({}, {}); }), "evaluate: expected at least one run");
}

}  // namespace
}  // namespace nr
