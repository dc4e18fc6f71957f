#include "base/names.h"

#include <gtest/gtest.h>

#include "base/table.h"
#include "support/errors.h"

namespace nr {
namespace {

TEST(NearestName, IsTheOneSomebodyMistyped) {
  const std::vector<std::string> names{"capacity", "ratios", "bands"};
  EXPECT_EQ(nearest_name("capcity", names), "capacity");
  EXPECT_EQ(nearest_name("Bands", names), "bands");
  EXPECT_EQ(nearest_name("ratiso", names), "ratios");
}

TEST(NearestName, IsNoneWhenMoreThanAThirdOfTheLettersDiffer) {
  EXPECT_EQ(nearest_name("sandal", {"bands"}), "");
  EXPECT_EQ(nearest_name("", {"a", "bands"}), "");
  EXPECT_EQ(nearest_name("x", {"y"}), "");
  EXPECT_EQ(nearest_name("capacity", {}), "");
}

TEST(Hint, FallsBackOnTheListOfWhatExists) {
  EXPECT_EQ(hint("capcity", {"capacity", "bands"}), " (did you mean 'capacity'?)");
  EXPECT_EQ(hint("colour", {"capacity", "bands"}), " (there are: capacity, bands)");
  EXPECT_EQ(hint("colour", {}), "");
}

struct Row {
  const char* name;
  int value;
};

TEST(Table, FindsARowByNameAndNamesTheNearest) {
  const Table<Row> table{"loss", {{"kl", 1}, {"stft", 2}}};
  EXPECT_EQ(table.at("stft").value, 2);
  EXPECT_EQ(table.find("nothing"), nullptr);
  EXPECT_EQ(error_of([&] { table.at("stfd"); }), "no loss named 'stfd' (did you mean 'stft'?)");
  EXPECT_EQ(error_of([&] { table.at("adversarial"); }), "no loss named 'adversarial' (there are: kl, stft)");
}

}  // namespace
}  // namespace nr
