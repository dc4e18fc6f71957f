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

}  // namespace
}  // namespace nr
