#include "data/record.h"

#include <gmock/gmock.h>

#include "base/random.h"
#include "support/errors.h"

namespace nr {
namespace {

Index some_index() {
  return {"measured",
          "chosen",
          {{"a.wav", Split::kTest, 1234, {{"pitch", "60"}, {"note", "a\nb"}}}, {"b.wav", Split::kTrain, 5, {}}},
          {"k1", "k2"},
          {1, 2}};
}

ClipRecord some_record() { return {"id", "detail", 77, 44100, 2, true, 0.25, 9}; }

TEST(Record, ReadsBackWhatWasWritten) {
  const Index index = unpack_index(pack(some_index()));
  ASSERT_EQ(index.clips.size(), 2u);
  EXPECT_EQ(index.keys[1], "k2");
  EXPECT_EQ(index.contents[1], 2u);
  EXPECT_EQ(index.clips[0].labels.at("note"), "a\nb");
  EXPECT_EQ(index.clips[0].split, Split::kTest);
  const ClipRecord record = unpack_record(pack(some_record(), {{1, 2}, {3, 4}}));
  EXPECT_EQ(record.identity, "id");
  EXPECT_EQ(record.samples, 77);
  EXPECT_EQ(record.clipped, 0.25);
  EXPECT_EQ(record.content, 9u);
}

TEST(Record, BeginsWithItsCurvesAndIsNeverSmall) {
  const std::string bytes = pack(ClipRecord{}, {{1.5f}, {2.5f}});
  EXPECT_GE(bytes.size(), 4096u);
  EXPECT_EQ(reinterpret_cast<const float*>(bytes.data())[1], 2.5f);
}

TEST(Record, CutShortIsAnErrorAtEveryLength) {
  const std::string index = pack(some_index());
  for (size_t length = 0; length < index.size(); ++length)
    EXPECT_THAT(error_of([&] { unpack_index(std::string_view(index).substr(0, length)); }),
                testing::HasSubstr("the cache is damaged"))
        << length;
}

TEST(Record, WithWrongBytesIsAnErrorOrAnotherRecordButNeverACrash) {
  const std::string index = pack(some_index()), record = pack(some_record(), {{1, 2}});
  int refused = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    Random random(1, trial);
    std::string a = index, b = record;
    for (int flip = 0; flip < 3; ++flip) {
      a[random.below(a.size())] = static_cast<char>(random.below(256));
      b[b.size() - 1 - random.below(16)] = static_cast<char>(random.below(256));
    }
    refused += error_of([&] { unpack_index(a); }) != "no error";
    refused += error_of([&] { unpack_record(b); }) != "no error";
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace nr
