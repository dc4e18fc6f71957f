// Every study of experiments/: its file, and each row's config under each of its profiles.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "study/config.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

std::vector<fs::path> studies() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(std::string(NR_SOURCE_DIR) + "/experiments"))
    if (entry.path().extension() == ".yaml" && config::load(entry.path()).find("rows")) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(EveryStudy, HasRowsThatAreConfigsUnderEachProfile) {
  ASSERT_GE(studies().size(), 10u);
  fs::current_path(NR_SOURCE_DIR);  // from which configs name chains of effects
  for (const fs::path& file : studies()) {
    SCOPED_TRACE(file.string());
    const StudyConfig study = read_study(file);
    ASSERT_FALSE(study.profiles.empty());
    for (const auto& [profile, part] : study.profiles)
      for (size_t row = 0; row < study.rows.size(); ++row) {
        SCOPED_TRACE(profile + ", " + study.rows[row].first);
        try {
          const RunConfig config = row_config(study, row, profile, 3);
          EXPECT_EQ(config.seed, 3);
          EXPECT_FALSE(config.training.phases.empty());
        } catch (const Error& error) {  // of a plug-in that is not installed
          EXPECT_THAT(error.what(), testing::HasSubstr("apt-get install"));
        }
      }
  }
}

}  // namespace
}  // namespace nr
