#include "report/html.h"

#include <gmock/gmock.h>

namespace nr::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Markup, OfATextCannotOpenATagOrLeaveAnAttribute) {
  EXPECT_EQ(escaped("<b> & \"c\" 'd'").text, "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  EXPECT_EQ(element("p", {{"title", "\"><script>"}}, "a<b").text, "<p title=\"&quot;&gt;&lt;script&gt;\">a&lt;b</p>");
}

TEST(Markup, OfElementsNestsWithoutEscapingTwice) {
  EXPECT_EQ(element("ul", {}, element("li", {}, "a & b")).text, "<ul><li>a &amp; b</li></ul>");
}

TEST(Base64, PadsAsTheStandardDoes) {  // RFC 4648, section 10
  const auto of = [](const std::string& s) { return base64({s.begin(), s.end()}); };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("f"), "Zg==");
  EXPECT_EQ(of("fo"), "Zm8=");
  EXPECT_EQ(of("foo"), "Zm9v");
  EXPECT_EQ(of("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64({0xff, 0xef, 0xbe}), "/+++");
}

TEST(DataTable, AlignsNumbersRightAndKeepsNotesBesideThem) {
  const std::string text =
      table({{{"Metric"}, {"Mean", "", true}}, {{{"a<b"}, {"0.5", "[0.4, 0.6]", true, true}}}}).text;
  EXPECT_THAT(text, HasSubstr("<th class=\"number\">Mean</th>"));
  EXPECT_THAT(text,
              HasSubstr("<td>a&lt;b</td><td class=\"number\"><strong>0.5</strong><small>[0.4, 0.6]</small></td>"));
}

TEST(Page, NeedsNoOtherFileAndNoNetwork) {
  const std::string text = page("a & b", element("p", {}, "x"));
  EXPECT_THAT(text, HasSubstr("<title>a &amp; b</title>"));
  for (const char* outside : {"http://", "https://", "url(", "@import", "<link", "<script"})
    EXPECT_THAT(text, Not(HasSubstr(outside)));
}

}  // namespace
}  // namespace nr::report
