#include "data/split.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "support/errors.h"

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

int count(const std::vector<Split>& splits, Split which) {
  return static_cast<int>(std::count(splits.begin(), splits.end(), which));
}

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

TEST(StoredSplits, AreReadAsTheyAreWritten) {
  EXPECT_THAT(
      parse_splits("path,split\na.wav,train\n\"b, \"\"c\"\".wav\",validation\r\nd.wav,test\n"),
      testing::ElementsAre(testing::Pair("a.wav", Split::kTrain), testing::Pair("b, \"c\".wav", Split::kValidation),
                           testing::Pair("d.wav", Split::kTest)));
  EXPECT_TRUE(parse_splits("path,split\n").empty());
}

TEST(StoredSplits, SayWhichLineIsWrong) {
  const auto error = [](const std::string& text) { return error_of([&] { parse_splits(text, "s.csv"); }); };
  EXPECT_EQ(error(""), "s.csv:1: the header is '', expected 'path,split'");
  EXPECT_EQ(error("path,split,seconds\n"), "s.csv:1: the header is 'path,split,seconds', expected 'path,split'");
  EXPECT_EQ(error("path,split\na.wav,test\nb.wav\n"), "s.csv:3: 1 cells, expected 2");
  EXPECT_EQ(error("path,split\na.wav,validaton\n"), "s.csv:2: no split named 'validaton' (did you mean 'validation'?)");
  EXPECT_EQ(error("path,split\na.wav,2\n"), "s.csv:2: no split named '2' (there are: train, validation, test)");
  EXPECT_EQ(error("path,split\n,test\n"), "s.csv:2: the path is empty");
  EXPECT_EQ(error("path,split\na,test\nb,test\na,train\n"), "s.csv:4: a stands there twice");
  EXPECT_EQ(error("path,split\n\"a,test\n"), "s.csv:2: a quote opens here and never closes");
}

}  // namespace
}  // namespace nr
