#include "report/chooser.h"

#include <gmock/gmock.h>

namespace nr::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Chooser, ShowsTheFirstChoiceAndHidesTheOthers) {
  const Markup made = chooser("Semitones", {{"-5", Markup{"<i>low</i>"}}, {"0", Markup{"<i>own</i>"}}}, 1);
  EXPECT_THAT(made.text, HasSubstr("type=\"range\" min=\"0\" max=\"1\" step=\"1\" value=\"1\""));
  EXPECT_THAT(made.text, HasSubstr("<div class=\"choice\" data-label=\"-5\" hidden=\"\"><i>low</i></div>"));
  EXPECT_THAT(made.text, HasSubstr("<div class=\"choice\" data-label=\"0\"><i>own</i></div>"));
  EXPECT_THAT(made.text, HasSubstr("<output>0</output>"));
  EXPECT_THAT(made.text, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace nr::report
