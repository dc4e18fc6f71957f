#include "report/markdown.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "report/math.h"
#include "support/errors.h"

namespace nr::report {
namespace {

using testing::HasSubstr;

std::string math(const std::string& tex) {
  const std::string all = formula(tex).text;
  const std::string begin = "<math display=\"inline\"><mrow>", end = "</mrow></math>";
  EXPECT_EQ(all.substr(0, begin.size()), begin);
  return all.substr(begin.size(), all.size() - begin.size() - end.size());
}

TEST(Formula, HasScriptsFractionsRootsAndAccents) {
  EXPECT_EQ(math("x_1^2"), "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>");
  EXPECT_EQ(math("\\frac12"), "<mfrac><mn>1</mn><mn>2</mn></mfrac>");
  EXPECT_EQ(math("\\frac{a}{10}"), "<mfrac><mrow><mi>a</mi></mrow><mrow><mn>10</mn></mrow></mfrac>");
  EXPECT_EQ(math("\\sqrt n"), "<msqrt><mi>n</mi></msqrt>");
  EXPECT_EQ(math("\\hat x"), "<mover accent=\"true\"><mi>x</mi><mo stretchy=\"false\">^</mo></mover>");
  EXPECT_EQ(math("\\sum_i a < 0.25"),
            "<munder><mo stretchy=\"false\">∑</mo><mi>i</mi></munder><mi>a</mi><mo stretchy=\"false\">&lt;</mo>"
            "<mn>0.25</mn>");
  EXPECT_THAT(math("\\operatorname{mean} \\ln z"), testing::ContainsRegex(">mean</mo><mo[^>]*>ln</mo><mi>z</mi>"));
}

TEST(Formula, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_of([] { formula("a \\iint b"); }), "formula: the unknown command \\iint at 2 of a \\iint b");
  EXPECT_THAT(error_of([] { formula("{a"); }), HasSubstr("not closed"));
  EXPECT_THAT(error_of([] { formula("a}"); }), HasSubstr("nothing opened"));
  EXPECT_THAT(error_of([] { formula("a^"); }), HasSubstr("nothing at 2"));
}

TEST(Markdown, HasHeadingsParagraphsTablesAndCode) {
  const std::string page = markdown("# A < B\n\none\ntwo `c_d`\n\n| a | b |\n|---|---|\n| `x` | $|z|$ |\n", 1).text;
  EXPECT_THAT(page, HasSubstr("<h2>A &lt; B</h2>"));
  EXPECT_THAT(page, HasSubstr("<p>one two <code>c_d</code></p>"));
  EXPECT_THAT(page, HasSubstr("<th> a </th>"));
  EXPECT_THAT(page, HasSubstr("<td> <code>x</code> </td><td> <math"));
  EXPECT_THAT(error_of([] { markdown("a $b"); }), HasSubstr("not closed"));
}

TEST(Markdown, ReadsTheObjectives) {
  const std::string page = markdown(read_file(std::string(NR_SOURCE_DIR) + "/lib/losses/README.md")).text;
  EXPECT_THAT(page, HasSubstr("<code>fullband_stft</code>"));
  EXPECT_THAT(page, HasSubstr("<math display=\"block\">"));
  EXPECT_EQ(page.find('$'), std::string::npos);
}

}  // namespace
}  // namespace nr::report
