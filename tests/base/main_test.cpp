#include "base/main.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/log.h"

namespace nr {
namespace {

TEST(Main, EndsAnErrorInOneLineAndOne) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_main([] { throw std::runtime_error("x.wav: truncated\nframe #0: c10::Error"); }), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "error: x.wav: truncated\n");
  EXPECT_EQ(run_main([] {}), 0);
}

TEST(DurationText, ReadsAsPeopleSayIt) {
  EXPECT_EQ(duration_text(0.4), "0 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(7620), "2 h 07 min");
}

}  // namespace
}  // namespace nr
