#include "data/labels.h"

#include <gmock/gmock.h>

#include <cmath>

#include "support/errors.h"

namespace nr {
namespace {

using testing::ElementsAre;

std::vector<ClipInfo> clips() {
  return {{"a.wav", Split::kTrain, 10, {{"style", "staccato"}, {"cutoff", "0.5"}}},
          {"b.wav", Split::kTest, 10, {{"style", "legato"}, {"cutoff", ""}}},
          {"c.wav", Split::kTrain, 10, {{"style", "staccato"}, {"level", "-1e2"}}}};
}

TEST(Labels, AreTheSortedValuesOfAllSplits) {
  const LabelGroup group = label_group("style", clips());
  EXPECT_EQ(group.name, "style");
  EXPECT_THAT(group.classes, ElementsAre("legato", "staccato"));
}

TEST(Labels, MustBeThereForEveryClip) {
  EXPECT_EQ(error_of([] { label_group("level", clips()); }), "data.labels: a.wav has no label 'level'");
  EXPECT_EQ(error_of([] { label_group("cutoff", clips()); }), "data.labels: b.wav has no label 'cutoff'");
}

TEST(Labels, ThatNobodyHasAreRefused) {
  EXPECT_EQ(error_of([] { check_labels("data.labels", {"stile"}, clips()); }),
            "data.labels: no recording has a label 'stile' (did you mean 'style'?)");
  EXPECT_EQ(error_of([] { check_labels("data.parameters", {"cutoff", "resonance"}, clips()); }),
            "data.parameters: no recording has a label 'resonance' (there are: cutoff, level, style)");
  EXPECT_EQ(error_of([] { check_labels("data.labels", {"style", "style"}, clips()); }),
            "data.labels: 'style' stands there twice");
  EXPECT_EQ(error_of([] { check_labels("data.labels", {"style", "cutoff"}, clips()); }), "no error");
}

TEST(Parameters, AreNumbersOrUnknown) {
  const std::vector<float> a = numbers_of(clips()[0], {"cutoff", "level"}),
                           c = numbers_of(clips()[2], {"cutoff", "level"});
  EXPECT_EQ(a[0], 0.5f);
  EXPECT_TRUE(std::isnan(a[1]));
  EXPECT_TRUE(std::isnan(numbers_of(clips()[1], {"cutoff"})[0]));
  EXPECT_TRUE(std::isnan(c[0]));
  EXPECT_EQ(c[1], -100);
}

TEST(Parameters, ThatAreNoNumbersAreRefused) {
  for (const char* value : {"high", "1.5x", " 2", "nan", "inf", "1e300", "1,5"}) {
    const ClipInfo clip{"a.wav", Split::kTrain, 10, {{"cutoff", value}}};
    EXPECT_EQ(error_of([&] { numbers_of(clip, {"cutoff"}); }),
              "data.parameters: a.wav: 'cutoff' is '" + std::string(value) + "', expected a number or an empty cell");
  }
}

}  // namespace
}  // namespace nr
