#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "audio/clip.h"
#include "base/files.h"
#include "data/dataset.h"
#include "data/prepare.h"
#include "support/errors.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

TEST(PrepareGroups, OfSeveralLabelsStayInOneSplit) {
  TemporaryFolder folder;
  std::string manifest = "path,speaker,pace\n";
  for (int i = 0; i < 60; ++i) {
    const std::string name = std::to_string(i) + ".wav";
    write_wav(folder / "in" / name, sine(100 + 10 * i, 16000, 2000), 16000);
    manifest += name + ",s" + std::to_string(i % 3) + ",p" + std::to_string(i / 3 % 5) + "\n";
  }
  write_file(folder / "in/manifest.csv", manifest);
  DataConfig data;
  data.inputs = {(folder / "in").string()}, data.cache = (folder / "cache").string(), data.segment = 4096;
  data.group = "speaker+pace";
  data.validation = data.test = 0.25;
  prepare(data, {});
  const Dataset dataset(data, {});
  std::map<std::string, std::set<Split>> both, one;
  for (const ClipInfo& clip : dataset.clips()) {
    both[clip.labels.at("speaker") + clip.labels.at("pace")].insert(clip.split);
    one[clip.labels.at("speaker")].insert(clip.split);
  }
  ASSERT_EQ(both.size(), 15u);
  for (const auto& [group, found] : both) EXPECT_EQ(found.size(), 1u) << group;
  EXPECT_TRUE(std::any_of(one.begin(), one.end(), [](const auto& group) { return group.second.size() > 1; }));
  data.group = "speaker+pitch";
  EXPECT_EQ(error_of([&] { prepare(data, {}); }),
            "data.group: no recording has a label 'pitch' (there are: folder, pace, speaker)");
}

std::vector<ClipInfo> clips_of(const DataConfig& data) { return Dataset(data, {}).clips(); }

// Of data.train_only nothing validates or tests, nor trains where its group does; the inputs' splits stay.
TEST(PrepareGroups, OfRecordingsToTrainOnAloneAreNotThoseThatTest) {
  TemporaryFolder folder;
  const auto write_set = [&](const std::string& name, int files, double hz) {
    std::string manifest = "path,speaker\n";
    for (int i = 0; i < files; ++i) {
      const std::string file = std::to_string(i) + ".wav";
      write_wav(folder / name / file, sine(hz + 10 * i, 16000, 2000), 16000);
      manifest += file + (i % 7 == 6 ? "," : ",s" + std::to_string(i % 7)) + "\n";  // some without a label
    }
    write_file(folder / name / "manifest.csv", manifest);
    return (folder / name).string();
  };
  DataConfig data;
  data.inputs = {write_set("mine", 40, 100)}, data.cache = (folder / "cache").string(), data.segment = 4096;
  data.group = "speaker", data.validation = data.test = 0.25;
  prepare(data, {});
  std::map<std::string, Split> before;
  std::map<std::string, Split> of_speaker;
  for (const ClipInfo& clip : clips_of(data)) {
    before[clip.path] = clip.split;
    if (const auto speaker = clip.labels.find("speaker"); speaker != clip.labels.end() && !speaker->second.empty())
      of_speaker[speaker->second] = clip.split;
  }
  data.train_only = {write_set("theirs", 28, 500), data.inputs[0]};  // its own recordings change nothing
  const PrepareReport report = prepare(data, {});
  int added = 0, withheld = 28;
  for (const ClipInfo& clip : clips_of(data)) {
    if (const auto known = before.find(clip.path); known != before.end()) {
      EXPECT_EQ(clip.split, known->second) << clip.path;
      continue;
    }
    ++added, --withheld;
    EXPECT_EQ(clip.split, Split::kTrain) << clip.path;
    const auto speaker = clip.labels.find("speaker");
    if (speaker == clip.labels.end() || speaker->second.empty()) continue;
    EXPECT_EQ(of_speaker.at(speaker->second), Split::kTrain) << clip.path;
  }
  EXPECT_GE(added, 4) << "those without a speaker at least";
  EXPECT_GT(withheld, 0);
  EXPECT_EQ(report.withheld, withheld);
  EXPECT_EQ(report.clips[0] + report.clips[1] + report.clips[2], 40 + added);
  EXPECT_NE(report.summary().find("left out of train_only, as their group validates or tests: "), std::string::npos);
}

}  // namespace
}  // namespace nr
