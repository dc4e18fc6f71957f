#include "data/csv.h"

#include <gmock/gmock.h>

#include "support/errors.h"

namespace nr {
namespace {

using testing::ElementsAre;

TEST(Csv, ReadsQuotesCommasNewlinesAndCrlf) {
  const auto rows =
      parse_csv("\xEF\xBB\xBFpath,note\r\n\"a, \"\"b\"\".wav\",\"two\nlines\"\r\n\r\nplain.wav,\n", "m.csv");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0].cells, ElementsAre("path", "note"));
  EXPECT_THAT(rows[1].cells, ElementsAre("a, \"b\".wav", "two\nlines"));
  EXPECT_THAT(rows[2].cells, ElementsAre("plain.wav", ""));
  EXPECT_EQ(rows[2].line, 5);
}

TEST(Csv, ReadsBackEveryCellItWrites) {
  for (const std::string cell : {"a", "a,b", "a\"b", "a\nb", "", " ", "\"", "é", "\xEF\xBB\xBFmark"}) {
    const auto rows = parse_csv("x," + csv_cell(cell) + "\n", "m.csv");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_THAT(rows[0].cells, ElementsAre("x", cell));
    EXPECT_THAT(parse_csv(csv_cell(cell) + ",x\n", "m.csv")[0].cells, ElementsAre(cell, "x"));
  }
}

TEST(Csv, NamesTheLineOfAQuoteThatNeverCloses) {
  EXPECT_EQ(error_of([] { parse_csv("a\nb\n\"c\nd\n", "m.csv"); }), "m.csv:3: a quote opens here and never closes");
}

}  // namespace
}  // namespace nr
