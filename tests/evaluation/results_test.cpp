#include "evaluation/results.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "evaluation/journal.h"
#include "evaluation/page.h"
#include "evaluation/subject.h"
#include "evaluation/table.h"
#include "support/temporary.h"

namespace nr {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

RunResult run(const std::string& name, double offset, bool controls) {
  RunResult out;
  out.facts.run = name, out.facts.type = "rave", out.facts.step = 40, out.facts.config_hash = "00ff",
  out.facts.graph_hash = "ff00", out.facts.parameters = 7;
  out.data = "1234", out.clips = {"a.wav", "b.wav", "c.wav"};
  for (size_t i = 0; i < 3; ++i) {
    out.add(i, "multi_scale_stft", "", "", 6 + i + offset);
    if (controls) out.add(i, "control_pearson_all", "", "", i == 1 ? NAN : 0.5);
  }
  out.summarise_rows(200, 1);
  return out;
}

TEST(RunResult, KeepsAMissingClipsPlace) {
  RunResult r;
  r.clips = {"a", "b", "c"};
  r.add(0, "si_sdr", "", "dB", 1);
  r.add(2, "si_sdr", "", "dB", 3);
  r.summarise_rows(100, 1);
  EXPECT_EQ(r.find("si_sdr")->values.size(), 3u);
  EXPECT_TRUE(std::isnan(r.find("si_sdr")->values[1]));
  EXPECT_EQ(r.find("si_sdr")->summary.clips, 2);
  EXPECT_EQ(r.find("si_sdr", "dB"), nullptr);
}

TEST(Json, HasEveryClipTheSummaryAndWhatTheModelWas) {
  const auto root = nlohmann::json::parse(to_json({run("a", 0, true)}, {}));
  const auto& r = root["runs"][0];
  EXPECT_EQ(r["model"]["config_hash"], "00ff");
  EXPECT_EQ(r["model"]["graph_hash"], "ff00");
  EXPECT_EQ(r["model"]["step"], 40);
  EXPECT_EQ(r["data"], "1234");
  EXPECT_EQ(root["evaluation"]["seed"], 1);
  EXPECT_EQ(root["metrics_version"], kMetricsVersion);
  for (const Metric& m : metrics().rows) EXPECT_TRUE(root["metrics"].contains(m.name)) << m.name;
  EXPECT_EQ(r["rows"][0]["mean"], 7);
  EXPECT_EQ(r["rows"][0]["values"], (std::vector<double>{6, 7, 8}));
  EXPECT_TRUE(r["rows"][1]["values"][1].is_null());
  EXPECT_EQ(r["rows"][1]["clips"], 2);
}

TEST(Markdown, HasARowARunAndADashWhereARunHasNoControls) {
  const std::string text = to_markdown({run("faders", 0, true), run("plain", 1, false)}, {});
  EXPECT_THAT(text, HasSubstr("| run | MS-STFT | Pearson, all |"));
  EXPECT_THAT(text, HasSubstr("| plain | 8.000 [7.000, 9.000] | – |"));
  EXPECT_THAT(text, HasSubstr("**plain − faders**, paired by clip"));
  EXPECT_THAT(text, HasSubstr("| Multi-scale STFT distance | 1.000 | [1.000, 1.000] | 0.250 | 3 |"));
}

TEST(ClipsText, NamesTheLabelWhoseValuesAreHeldOut) {
  std::vector<RunResult> runs{run("a", 0, false)};
  EXPECT_THAT(to_markdown(runs, {}), HasSubstr("Means over test clips with 95 %"));
  runs[0].facts.group = "key";
  EXPECT_THAT(to_markdown(runs, {}), HasSubstr("Means over test clips of held-out values of key with 95 %"));
  EXPECT_THAT(numbers_section(runs, {}).text, HasSubstr("Means over test clips of held-out values of key. Brackets"));
  EXPECT_EQ(nlohmann::json::parse(to_json(runs, {}))["runs"][0]["model"]["group"], "key");
}

TEST(Failures, OfAModelThatPlaysOtherPitchesAreMarkedInEveryTable) {
  RunResult bad = run("bad", 0, false), good = run("good", 0, false);
  for (size_t i = 0; i < 3; ++i) bad.add(i, "in_tune", "", "", 0.1), good.add(i, "in_tune", "", "", 0.9);
  bad.summarise_rows(200, 1), good.summarise_rows(200, 1);
  const std::string markdown = to_markdown({good, bad}, {}), page = numbers_section({good, bad}, {}).text,
                    alone = numbers_section({bad}, {}).text;
  const std::string said = "Plays other pitches than asked, by In tune: bad 0.100.";
  EXPECT_THAT(markdown, HasSubstr("| run | In tune | MS-STFT |"));
  EXPECT_THAT(markdown, HasSubstr("| **✗ 0.100 [0.100, 0.100]** |"));
  EXPECT_THAT(markdown, HasSubstr("| good | 0.900 [0.900, 0.900] |"));
  EXPECT_THAT(markdown, HasSubstr("**✗ " + said + "**"));
  for (const std::string& text : {page, alone}) {
    EXPECT_THAT(text, HasSubstr("<p class=\"bad\">" + said + "</p>"));
    EXPECT_THAT(text, HasSubstr("<td class=\"number bad\">"));
  }
  EXPECT_THAT(numbers_section({good}, {}).text, Not(HasSubstr("bad\">")));
}

TEST(Differences, AreNotTakenBetweenDifferentClips) {
  RunResult other = run("other", 1, false);
  other.clips[1] = "z.wav";
  EXPECT_TRUE(differences({run("a", 0, false), other}, 100, 1)[0].empty());
}

// Six clips that all differ one way: 2 of 64. Of two runs that are compared with the first, Holm doubles the less.
TEST(Differences, AreTestedOverClustersAndAdjustedOverRuns) {
  const auto of = [](const std::string& name, double more) {
    RunResult out;
    out.facts.run = name, out.facts.parameters = 1, out.data = "1234";
    for (size_t i = 0; i < 6; ++i) {
      out.clips.push_back(std::to_string(i));
      out.add(i, "multi_scale_stft", "", "", double(i) + more * double(i + 1));
    }
    out.summarise_rows(100, 1);
    return out;
  };
  std::vector<RunResult> runs{of("first", 0), of("second", 1), of("third", -1)};
  EXPECT_NEAR(differences({runs[0], runs[1]}, 100, 1)[0][0].p, 2.0 / 64, 1e-9);
  for (const auto& of_run : differences(runs, 100, 1)) EXPECT_NEAR(of_run[0].p, 4.0 / 64, 1e-9);
  runs[0].clusters = {0, 0, 1, 1, 2, 2};
  EXPECT_NEAR(differences({runs[0], runs[1]}, 100, 1)[0][0].p, 2.0 / 8, 1e-9);
  runs[1].facts = without_model(runs[1].facts, "floor");
  EXPECT_TRUE(differences(runs, 100, 1)[0].empty());
}

// The same file names in another folder: violin/a.wav is not viola/a.wav.
TEST(Differences, AreNotTakenBetweenDifferentDataAndEveryTableSaysSo) {
  RunResult first = run("violin", 0, false), other = run("viola", 1, false);
  EXPECT_TRUE(paired(first, other));
  EXPECT_EQ(differences({first, other}, 100, 1)[0].size(), 1u);
  other.data = "5678";
  EXPECT_FALSE(paired(first, other));
  EXPECT_TRUE(differences({first, other}, 100, 1)[0].empty());
  const std::string said =
      "viola and violin were evaluated on different recordings: they are not compared clip by clip.";
  EXPECT_THAT(to_markdown({first, other}, {}), AllOf(HasSubstr(said), Not(HasSubstr("paired by clip"))));
  EXPECT_THAT(numbers_section({first, other}, {}).text, HasSubstr(said));
  const auto root = nlohmann::json::parse(to_json({first, other}, {}));
  EXPECT_EQ(root["not_paired"][0]["run"], "viola");
  EXPECT_FALSE(root.contains("differences"));
}

TEST(ShortNames, KeepAsMuchOfAPathAsTellsItFromTheOthers) {
  EXPECT_THAT(short_names({"/data/violin/067.wav", "/data/viola/067.wav", "/data/viola/068.wav"}),
              ElementsAre("violin/067.wav", "viola/067.wav", "068.wav"));
  EXPECT_THAT(short_names({"a/x/1.wav", "b/x/1.wav", "x/1.wav", "1.wav"}),
              ElementsAre("a/x/1.wav", "b/x/1.wav", "x/1.wav", "1.wav"));
  EXPECT_THAT(short_names({"same.wav", "same.wav", "/top.wav"}), ElementsAre("same.wav", "same.wav", "top.wav"));
}

TEST(NumberText, KeepsWhatCarriesSomething) {
  EXPECT_EQ(number_text(0.93412), "0.934");
  EXPECT_EQ(number_text(12.345), "12.35");
  EXPECT_EQ(number_text(-3), "−3.000");
  EXPECT_EQ(number_text(0.00123), "0.0012");
  EXPECT_EQ(number_text(NAN), "–");
}

TEST(Journal, IsReadByNameAndPassesOverABrokenLine) {
  const TemporaryFolder folder;
  write_file(folder / "journal.jsonl",
             "{\"step\": 10, \"seconds\": 1, \"kl\": 2, \"phase\": \"a\", \"terms\": {\"stft\": 9}}\nnot "
             "json\n{\"step\": 20, \"kl\": "
             "1}\n{\"step\": 30, \"k");
  const auto curves = read_journal(folder / "journal.jsonl");
  ASSERT_EQ(curves.size(), 2u);
  EXPECT_EQ(curves[0].name, "kl");
  EXPECT_EQ(curves[0].steps, (std::vector<double>{10, 20}));
  EXPECT_EQ(curves[0].values, (std::vector<double>{2, 1}));
  EXPECT_EQ(curves[1].name, "terms.stft");
  EXPECT_TRUE(read_journal(folder / "absent.jsonl").empty());
}

TEST(Journal, IsThinnedByMeans) {
  JournalCurve curve{"x", {}, {}};
  for (int i = 0; i < 1000; ++i) curve.steps.push_back(i), curve.values.push_back(i % 2);
  const JournalCurve thin = thinned(curve, 100);
  ASSERT_EQ(thin.steps.size(), 100u);
  for (const double v : thin.values) EXPECT_EQ(v, 0.5);
  EXPECT_EQ(thin.steps[0], 4.5);
}

}  // namespace
}  // namespace nr
