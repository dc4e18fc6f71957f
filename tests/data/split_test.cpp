#include "data/split.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace nr {
namespace {

std::vector<std::string> names(int count) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back("folder/" + std::to_string(i) + ".wav");
  return out;
}

std::vector<Split> assign(const std::vector<std::string>& groups, double validation, double test) {
  return assign_splits(groups, std::vector<std::string>(groups.size()), validation, test);
}

int count(const std::vector<Split>& splits, Split which) { return static_cast<int>(std::count(splits.begin(), splits.end(), which)); }

TEST(Splits, HaveTheSharesAskedFor) {
  const auto splits = assign(names(20000), 0.1, 0.2);
  EXPECT_NEAR(count(splits, Split::kValidation), 2000, 150);
  EXPECT_NEAR(count(splits, Split::kTest), 4000, 200);
}

TEST(Splits, OfOldFilesDoNotChangeWhenFilesAreAdded) {
  const auto few = assign(names(1000), 0.1, 0.1), many = assign(names(1500), 0.1, 0.1);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST(Splits, OfTheTestSetDoNotChangeWhenTheValidationShareDoes) {
  const auto a = assign(names(1000), 0.1, 0.1), b = assign(names(1000), 0.3, 0.1);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i] == Split::kTest, b[i] == Split::kTest);
}

TEST(Splits, AllHoldAFileFromThreeFilesOn) {
  for (int files = 3; files < 40; ++files) {
    const auto splits = assign(names(files), 0.05, 0.05);
    EXPECT_GE(count(splits, Split::kTrain), 1) << files;
    EXPECT_GE(count(splits, Split::kValidation), 1) << files;
    EXPECT_GE(count(splits, Split::kTest), 1) << files;
  }
}

TEST(Splits, OfOneOrTwoFilesTrain) {
  for (int i = 0; i < 50; ++i) {
    const std::string name = std::to_string(i);
    EXPECT_EQ(count(assign({name}, 0.3, 0.3), Split::kTrain), 1) << name;
    EXPECT_GE(count(assign({name, name + "b"}, 0.3, 0.3), Split::kTrain), 1) << name;
  }
}

TEST(Splits, WithoutAShareStayEmpty) {
  const auto splits = assign(names(50), 0.2, 0);
  EXPECT_EQ(count(splits, Split::kTest), 0);
  EXPECT_GE(count(splits, Split::kValidation), 1);
}

TEST(Splits, NeverSeparateAGroup) {
  std::vector<std::string> groups;
  for (int i = 0; i < 300; ++i) groups.push_back("speaker" + std::to_string(i % 7));
  const auto splits = assign(groups, 0.2, 0.2);
  for (int i = 7; i < 300; ++i) EXPECT_EQ(splits[i], splits[i % 7]);
  EXPECT_GE(count(splits, Split::kTest), 1);
}

TEST(Splits, HoldEveryStratumHoweverSmall) {
  std::vector<std::string> strata;
  for (int i = 0; i < 200; ++i) strata.push_back(i % 40 == 0 ? "harp" : "violin");
  const auto splits = assign_splits(names(200), strata, 0.05, 0.05);
  for (const char* stratum : {"harp", "violin"})
    for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
      bool found = false;
      for (int i = 0; i < 200; ++i) found = found || (strata[i] == stratum && splits[i] == split);
      EXPECT_TRUE(found) << stratum << " in split " << int(split);
    }
}

}  // namespace
}  // namespace nr
