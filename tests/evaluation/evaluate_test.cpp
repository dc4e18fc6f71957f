#include "evaluation/evaluate.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "evaluation/results.h"
#include "evaluation/subject.h"
#include "evaluation/watch.h"
#include "evaluation/workshop.h"
#include "nn/safetensors.h"
#include "support/errors.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::Not;

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
       {"Plays other pitches than asked", "data:audio/wav;base64,", "data:image/png;base64,", "One control at a time",
        ">Training<", "steered", "plain", "Where the latents lie", "class=\"sounds\">[\"data:audio/wav"})
    EXPECT_THAT(page, HasSubstr(expected));
  for (const char* outside : {"http:", "https:", "<script src", "<link"}) EXPECT_THAT(page, Not(HasSubstr(outside)));
  EXPECT_LT(page.size(), 8'000'000u);
}

TEST(Evaluate, GivesTheSameNumbersAgain) {
  Workshop shop;
  const fs::path run = shop.run("consistent", "run", {"training.phases.adversarial.steps=0"});
  evaluate({run}, shop.config, shop.folder / "a");
  fs::remove_all(run / "measured");
  evaluate({run}, shop.config, shop.folder / "b");
  auto first = results(shop.folder / "a"), second = results(shop.folder / "b");
  // The row and its floors say how often the test split was read, and are else the same.
  const auto take_reads = [](nlohmann::json& root) {
    std::vector<int> out;
    for (auto& row : root["runs"]) out.push_back(row["model"]["test_reads"]), row["model"].erase("test_reads");
    return out;
  };
  EXPECT_EQ(take_reads(first), std::vector<int>(5, 1));
  EXPECT_EQ(take_reads(second), std::vector<int>(5, 2));
  EXPECT_EQ(first.dump(), second.dump());
  shop.config.clips = 2;
  evaluate({run / "checkpoints" / "last.safetensors"}, shop.config, shop.folder / "few");
  const auto few = results(shop.folder / "few")["runs"][0], all = results(shop.folder / "a")["runs"][0];
  EXPECT_EQ(few["clips"].size(), 2u);
  EXPECT_EQ(few["model"]["run"], "run last");
  EXPECT_EQ(few["model"]["graph_hash"], all["model"]["graph_hash"]);
  shop.config.clips = 0, shop.config.split = "validation";
  evaluate({run}, shop.config, shop.folder / "validation");
  EXPECT_EQ(few["model"]["test_reads"], 3);
  EXPECT_EQ(results(shop.folder / "validation")["runs"][0]["model"]["test_reads"], 3) << "validation is not counted";
  const auto chosen = results(shop.folder / "validation")["runs"][0]["clips"];
  EXPECT_FALSE(chosen.empty());
  for (const auto& clip : chosen)
    EXPECT_EQ(std::count(all["clips"].begin(), all["clips"].end(), clip), 0) << "a test clip";
}

TEST(Evaluate, MeasuresOnlyWhatItDidNotMeasureBefore) {
  Workshop shop;
  shop.config.clips = 2;
  const fs::path run = shop.run("consistent", "run", {"training.phases.adversarial.steps=0"}),
                 other = shop.run("rave", "other", {"training.phases.adversarial.steps=0"});
  const auto first = evaluate({run}, shop.config);
  const auto files = [&] {
    const fs::directory_iterator all(run / "measured");
    return std::vector<fs::path>(fs::begin(all), fs::end(all));
  };
  ASSERT_EQ(files().size(), 1u);
  const fs::path file = files()[0];
  auto kept = nlohmann::json::parse(read_file(file));
  kept["rows"][0]["rows"][0]["values"][0] = 1234.5;
  write_file(file, kept.dump());
  shop.config.examples = 1, shop.config.bootstrap = 300;
  auto second = evaluate({run, other}, shop.config);
  EXPECT_EQ(second[0].rows[0].values[0], 1234.5) << "it was measured again";
  second[0].rows[0].values[0] = first[0].rows[0].values[0];
  const auto same = [](const RunResult& a, const RunResult& b) {
    EXPECT_EQ(a.facts.run, b.facts.run);
    EXPECT_TRUE(paired(a, b) && a.clusters == b.clusters && a.seconds == b.seconds);
    ASSERT_EQ(a.rows.size(), b.rows.size());
    for (size_t i = 0; i < a.rows.size(); ++i) {
      EXPECT_EQ(a.rows[i].metric + a.rows[i].part + a.rows[i].unit, b.rows[i].metric + b.rows[i].part + b.rows[i].unit);
      ASSERT_EQ(a.rows[i].values.size(), b.rows[i].values.size());
      for (size_t c = 0; c < a.rows[i].values.size(); ++c)
        if (!(std::isnan(a.rows[i].values[c]) && std::isnan(b.rows[i].values[c])))
          EXPECT_EQ(a.rows[i].values[c], b.rows[i].values[c]) << a.rows[i].metric;
    }
  };
  same(first[0], second[0]);
  same(first[1], second[2]);  // the first floor
  write_file(file, "{");  // half a file
  EXPECT_EQ(evaluate({run}, shop.config)[0].rows[0].values[0], first[0].rows[0].values[0]);
  shop.config.clips = 3;  // other settings
  EXPECT_EQ(evaluate({run}, shop.config)[0].clips.size(), 3u);
  EXPECT_EQ(files().size(), 2u);
  shop.config.clips = 2;
  kept["rows"][0]["rows"][0]["values"][0] = 1234.5;
  write_file(file, kept.dump());
  const fs::path newest = run / "checkpoints/last.safetensors";
  Checkpoint changed = read_checkpoint(newest);
  changed.texts["of"] = "another training";
  write_checkpoint(newest, changed);
  EXPECT_NE(evaluate({run}, shop.config)[0].rows[0].values[0], 1234.5) << "another checkpoint";
}

TEST(Evaluate, GivesEachClipTheCurvesOfSeveralOthersAndOneValue) {
  Workshop shop;
  const fs::path run = shop.run("consistent", "run", {"training.phases.adversarial.steps=0"});
  evaluate({run}, shop.config, shop.folder / "one");
  shop.config.donors = 3, shop.config.cluster = "folder";
  evaluate({run}, shop.config, shop.folder / "three");
  const auto one = results(shop.folder / "one")["runs"][0], three = results(shop.folder / "three")["runs"][0];
  const auto row = [](const nlohmann::json& of, const std::string& metric) {
    for (const auto& found : of["rows"])
      if (found["metric"] == metric && found["part"] == "") return found;
    ADD_FAILURE() << metric;
    return nlohmann::json();
  };
  for (const char* metric : {"control_pearson_all", "control_interior_spearman_all", "control_other_window_all",
                             "control_pearson_all_clips"}) {
    EXPECT_EQ(row(three, metric)["values"].size(), three["clips"].size()) << metric;
    EXPECT_NE(row(three, metric)["values"], row(one, metric)["values"]) << metric;
  }
  for (const char* metric : {"multi_scale_stft", "control_gestures", "control_leakage", "frechet_exchanged", "unasked"})
    EXPECT_EQ(row(three, metric)["values"], row(one, metric)["values"]) << metric;
  EXPECT_EQ(three["clusters"], nlohmann::json(std::vector<int>(three["clips"].size(), 0)));
  EXPECT_TRUE(row(three, "multi_scale_stft")["low"].is_null()) << "all clips are one cluster";
  shop.config.cluster = "instument";
  EXPECT_THAT(error_of([&] { evaluate({run}, shop.config); }),
              HasSubstr("evaluation.cluster: no recording has a label 'instument'"));
}

TEST(Evaluate, HasFloorsOfEverySetOfControls) {
  Workshop shop;
  const std::string briefly = "training.phases.adversarial.steps=0";
  const fs::path two = shop.run("consistent", "two", {briefly}),
                 one = shop.run("consistent", "one", {briefly, "descriptors.controls=[rms]"}),
                 again = shop.run("consistent", "again", {briefly, "descriptors.controls=[rms]", "seed=2"});
  std::vector<std::string> names;
  for (const RunResult& row : evaluate({two, one, again}, shop.config)) names.push_back(row.facts.run);
  ASSERT_EQ(names.size(), 11u);
  EXPECT_EQ(std::count(names.begin(), names.end(), "floor: deaf, rms"), 1);
  const auto deaf = [](const std::string& name) { return name.rfind("floor: deaf, ", 0) == 0; };
  EXPECT_EQ(std::count_if(names.begin(), names.end(), deaf), 2);
}

TEST(Evaluate, HasFloorsOfEverySetOfRecordings) {
  Workshop shop;
  shop.config.clips = 2;
  write_recordings(shop.folder / "viola", 14, 8000, 1.2);
  const std::vector<std::string> briefly{"training.phases.adversarial.steps=0"};
  std::vector<std::string> names;
  for (const RunResult& row : evaluate({shop.run("consistent", "violin", briefly),
                                        shop.run("consistent", "other", briefly, "viola")}, shop.config))
    names.push_back(row.facts.run);
  ASSERT_EQ(names.size(), 10u);
  for (const char* whose : {"violin", "other"})
    EXPECT_EQ(std::count(names.begin(), names.end(), std::string("floor: deaf, clips of ") + whose), 1) << whose;
}

TEST(Evaluate, WatchesARunUntilItHasTrainedFurther) {
  Workshop shop;
  const fs::path run = shop.run("rave", "run", {"training.phases.adversarial.steps=0"});
  const fs::path table = shop.folder / "out/table.md", checkpoint = run / "checkpoints/last.safetensors";
  std::vector<std::string> seen;
  watch(run, shop.config, shop.folder / "out", [&] {
    seen.push_back(fs::exists(table) ? read_file(table) : "");
    if (seen.size() == 1) fs::remove(table);  // nothing has changed: it is not written again
    if (seen.size() == 2) fs::last_write_time(checkpoint, fs::last_write_time(checkpoint) + std::chrono::seconds(1));
    return seen.size() < 3;
  });
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_THAT(seen[0], HasSubstr("| run |"));
  EXPECT_THAT(seen[0], HasSubstr("Means over validation clips"));
  EXPECT_EQ(seen[1], "");
  EXPECT_EQ(seen[2], seen[0]);
}

TEST(Evaluate, LeavesOutARunThatFailsWhereTheReasonIsWanted) {
  Workshop shop;
  const fs::path run = shop.run("rave", "run", {"training.phases.adversarial.steps=0"});
  std::vector<std::string> failed;
  const auto rows = evaluate({run, shop.folder / "none"}, shop.config, shop.folder / "out", &failed);
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_THAT(failed[0], HasSubstr("none"));
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(results(shop.folder / "out")["runs"].size(), 1u);
  EXPECT_THAT(error_of([&] { evaluate({run, shop.folder / "none"}, shop.config); }), HasSubstr("none"));
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
  EXPECT_THAT(app.help(), HasSubstr("clips used, drawn by the seed; 0: all; at least 0; default 0\n"));
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
