#include "base/process.h"

#include <gmock/gmock.h>

#include "base/parallel.h"
#include "support/errors.h"

namespace nr {
namespace {

TEST(Process, PassesArgumentsWithoutAShell) {
  const Outcome outcome = run_program({"printf", "%s|", "$HOME", "a b", "; exit 3", "*"}, "");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "$HOME|a b|; exit 3|*|");
}

TEST(Process, KeepsBothStreamsAndTheStatusAndGivesNoInput) {
  const Outcome outcome = run_program({"sh", "-c", "echo out; echo err >&2; cat; exit 7"}, "");
  EXPECT_EQ(outcome.output, "out\nerr\n");
  EXPECT_EQ(outcome.status, 7);
}

TEST(Process, ReportsTheSignalThatEndedIt) {
  EXPECT_EQ(run_program({"sh", "-c", "kill -TERM $$"}, "").status, 128 + 15);
}

TEST(Process, SaysHowToInstallWhatIsMissing) {
  EXPECT_EQ(error_of([] { run_program({"no-such-program"}, "build it"); }),
            "no-such-program: cannot be started (No such file or directory): build it");
}

TEST(Process, KeepsTheOutputsOfSeveralThreadsApart) {
  std::vector<std::string> outputs(32);
  parallel_for(outputs.size(), [&](size_t i) { outputs[i] = run_program({"echo", std::to_string(i)}, "").output; }, 4);
  for (size_t i = 0; i < outputs.size(); ++i) EXPECT_EQ(outputs[i], std::to_string(i) + "\n");
}

}  // namespace
}  // namespace nr
