#include "study/study.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "config/value.h"
#include "study/config.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A study of two rows of the smallest network, over small recordings.
struct StudyFile {
  TemporaryFolder folder;
  StudyFile() { write_recordings(folder / "audio", 14, 8000, 1.2); }

  void write(const std::string& rest, const std::string& rows = two_rows()) const {
    const std::string base = std::string(NR_SOURCE_DIR) + "/configs/tiny/";
    write_file(folder / "base.yaml",
               "extends: [" + base + "rave.yaml]\ndevice: cpu\ndata: {inputs: ['" + (folder / "audio").string() +
                   "'], cache: '" + (folder / "cache").string() +
                   "', test: 0.4}\ntraining: {phases: {representation: {steps: 4}, adversarial: {steps: 0}}}\n");
    write_file(folder / "steered.yaml",
               "extends: base.yaml\ndescriptors: {names: [rms, centroid], controls: [rms, centroid]}\n");
    write_file(folder / "study.yaml", "out: '" + (folder / "out").string() + "'\n" + rows + rest);
  }
  static std::string two_rows() { return "rows:\n  plain: base.yaml\n  steered: {extends: steered.yaml}\n"; }
  void run(const std::string& profile = "") const { evaluate_study(folder / "study.yaml", profile); }
  fs::path out(const std::string& name) const { return folder / "out" / name; }
};
const char* const kEvaluation = "evaluation: {bootstrap: 200, examples: 1, seconds: 1}\n";

double value(const nlohmann::json& run, const std::string& metric, size_t clip) {
  for (const auto& row : run["rows"])
    if (row["metric"] == metric && row["part"] == "") return row["values"][clip];
  ADD_FAILURE() << metric;
  return 0;
}

TEST(Study, TrainsWhatIsMissingAndMakesOneTableOfItsSeeds) {
  const StudyFile study;
  study.write(std::string(kEvaluation) +
              "seeds: [1, 2]\npublished: {'a site, other data': {F-RAVE: {multi_scale_stft: 4.5}}}\n");
  study.run();
  const auto all = nlohmann::json::parse(read_file(study.out("results.json")));
  const auto one = nlohmann::json::parse(read_file(study.out("seed_1/results.json"))),
             two = nlohmann::json::parse(read_file(study.out("seed_2/results.json")));
  ASSERT_EQ(all["runs"].size(), 6u);  // floors too
  EXPECT_EQ(all["runs"][0]["model"]["run"], "plain");
  EXPECT_EQ(all["runs"][1]["model"]["run"], "steered");
  const double a = value(one["runs"][1], "multi_scale_stft", 0), b = value(two["runs"][1], "multi_scale_stft", 0);
  EXPECT_NE(a, b);
  EXPECT_NEAR(value(all["runs"][1], "multi_scale_stft", 0), (a + b) / 2, 1e-9);
  const std::string table = read_file(study.out("table.md")), page = read_file(study.out("index.html"));
  for (const char* expected : {"| seed 1 | seed 2 | range |", "| F-RAVE | Multi-scale STFT distance | 4.500 |"})
    EXPECT_THAT(table, HasSubstr(expected));
  for (const char* expected : {"seed_2/report.html", "a site, other data", "steered"})
    EXPECT_THAT(page, HasSubstr(expected));
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_TRUE(fs::exists(study.out("seed_2/report.html")));

  // What is trained is not trained again; a changed row is, and only that.
  const fs::path plain = study.out("seed_1/plain/checkpoints/last.safetensors"),
                 steered = study.out("seed_1/steered/checkpoints/last.safetensors");
  const auto before = fs::last_write_time(plain);
  const std::string weights = read_file(steered);
  study.write(std::string(kEvaluation) + "seeds: [1]\n",
              "rows:\n  plain: base.yaml\n  steered: {extends: steered.yaml, training: {batch: 3}}\n");
  study.run();
  EXPECT_EQ(fs::last_write_time(plain), before);
  EXPECT_NE(read_file(steered), weights);
  EXPECT_EQ(read_file(study.out("seed_1/steered.1/checkpoints/last.safetensors")), weights);
}

TEST(Study, TrainsWhatTwoStudiesShareOnce) {
  const StudyFile study;
  const std::string runs = "runs: '" + (study.folder / "runs").string() + "'\n";
  study.write(runs + kEvaluation, "rows: {plain: base.yaml}\n");
  study.run();
  const fs::path shared = study.folder / "runs/seed_1/plain/checkpoints/last.safetensors";
  const auto before = fs::last_write_time(shared);
  EXPECT_TRUE(fs::exists(study.out("seed_1/report.html")));
  EXPECT_FALSE(fs::exists(study.out("seed_1/plain")));
  study.write(runs + kEvaluation);
  study.run();
  EXPECT_EQ(fs::last_write_time(shared), before);
  EXPECT_TRUE(fs::exists(study.folder / "runs/seed_1/steered"));
}

TEST(Study, SeveralHaveAnIndexOfTheirPagesAndOneThatFailsLeavesTheOthers) {
  const StudyFile study;
  study.write(kEvaluation, "rows: {plain: base.yaml}\n");
  write_file(study.folder / "wrong.yaml", "out: '" + (study.folder / "wrong").string() +
                                              "'\nrows: {bad: {extends: base.yaml, data: {inputs: [nowhere]}}}\n");
  EXPECT_THAT(error_of([&] {
                evaluate_studies({study.folder / "wrong.yaml", study.folder / "study.yaml"}, "", study.folder / "all");
              }),
              HasSubstr("1 of 2 studies failed"));
  const std::string page = read_file(study.folder / "all/index.html");
  for (const char* expected : {"../out/index.html", "../wrong/index.html", "✗ bad, seed 1", "MS-STFT", ">plain<"})
    EXPECT_THAT(page, HasSubstr(expected));
}

TEST(Study, LaysAProfileOverEveryRow) {
  const StudyFile study;
  study.write(std::string(kEvaluation) +
              "profiles:\n  quick: {training: {phases: {representation: {steps: 2}}}}\n  cpu: {}\n");
  const StudyConfig config = read_study(study.folder / "study.yaml");
  EXPECT_EQ(profile_of(config, ""), "quick");
  EXPECT_EQ(row_config(config, 1, "quick", 7).training.phases[0].second.steps, 2);
  EXPECT_EQ(row_config(config, 1, "cpu", 7).training.phases[0].second.steps, 4);
  EXPECT_EQ(row_config(config, 1, "cpu", 7).seed, 7);
  EXPECT_THAT(row_config(config, 1, "cpu", 7).descriptors.controls, ElementsAre("rms", "centroid"));
  EXPECT_EQ(error_of([&] { profile_of(config, "quik"); }),
            "--profile quik: the study has no such profile (did you mean 'quick'?)");
  study.run("quick");
  EXPECT_TRUE(fs::exists(study.out("quick/table.md")));
}

TEST(Study, ARowThatFailsLeavesTheOthers) {
  const StudyFile study;
  study.write(kEvaluation,
              "rows:\n  lost: {extends: base.yaml, data: {inputs: [no/such/folder]}}\n  plain: base.yaml\n");
  EXPECT_THAT(error_of([&] { study.run(); }), HasSubstr("1 of 2 runs failed: lost, seed 1: "));
  EXPECT_THAT(read_file(study.out("table.md")), AllOf(HasSubstr("**✗ lost, seed 1"), HasSubstr("\n| plain |")));
}

TEST(Study, RefusesAWrongFileBeforeItTrains) {
  const StudyFile study;
  const auto refusal = [&](const std::string& rest, const std::string& rows) {
    study.write(rest, rows);
    return error_of([&] { study.run(); });
  };
  EXPECT_THAT(refusal("", ""), HasSubstr("study.yaml: rows: a study needs at least one"));
  EXPECT_THAT(refusal("", "rows: {a/b: base.yaml}\n"), HasSubstr("'a/b' cannot be the name of a folder"));
  EXPECT_THAT(refusal("", "rows: {a: none.yaml}\n"), HasSubstr("study.yaml:2: rows.a: there is no "));
  EXPECT_THAT(refusal("", "rows: {a: [1]}\n"), HasSubstr("rows.a must be a file's name or a table of fields"));
  EXPECT_THAT(refusal("", "rows: {a: base.yaml, b: {extends: base.yaml, model: {capasity: 3}}}\n"),
              HasSubstr("study.yaml:2: model has no field 'capasity' (did you mean 'capacity'?)"));
  EXPECT_THAT(refusal("seeds: [1, 1]\n", StudyFile::two_rows()), HasSubstr("seeds: one stands twice"));
  EXPECT_THAT(refusal("published: {y: {x: {in_tun: 1}}}\n", StudyFile::two_rows()),
              HasSubstr("published.x: unknown metric 'in_tun' (did you mean 'in_tune'?)"));
  EXPECT_FALSE(fs::exists(study.folder / "out"));
}

}  // namespace
}  // namespace nr
