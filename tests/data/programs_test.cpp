// The programs as a user runs them: what their options take.
#include <gmock/gmock.h>

#include "base/process.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

std::string said_by(std::vector<std::string> arguments) {
  arguments[0] = std::string(NR_BINARY_DIR) + "/" + arguments[0];
  return run_program(arguments, "build it").output;
}

// Had --set taken the file too, the program would ask for the config, or go on without it.
TEST(Programs, SetTakesOneSettingAndLeavesTheConfig) {
  const TemporaryFolder folder;
  const std::string file = (folder / "none.yaml").string(), out = (folder / "out").string();
  const std::string error = file + ": cannot be read";
  EXPECT_THAT(said_by({"train", "--set", "seed=1", file, "--run", out}), HasSubstr(error));
  EXPECT_THAT(said_by({"train", "--set", "seed=1", "--set", "device=cpu", file, "--run", out}), HasSubstr(error));
  EXPECT_THAT(said_by({"prepare", "--set", "data.segment=512", file, "--strict"}), HasSubstr(error));
  EXPECT_THAT(said_by({"prepare", "--input", out, file}), HasSubstr(error));
  EXPECT_THAT(said_by({"measure", "--set", "model.capacity=8", file}), HasSubstr(error));
  EXPECT_THAT(said_by({"render", "--set", "gain=1", file, out}), HasSubstr(error));
}

// How a study is evaluated stands in its file.
TEST(Programs, EvaluateRefusesOptionsThatItWouldNotUse) {
  const TemporaryFolder folder;
  const std::string study = (folder / "study.yaml").string(), run = (folder / "run").string();
  EXPECT_THAT(said_by({"evaluate", study, "--split", "validation"}), HasSubstr("--split: not with a study"));
  EXPECT_THAT(said_by({"evaluate", study, "--out", run}), HasSubstr("--out: not with a study"));
  EXPECT_THAT(said_by({"evaluate", study, "--profile", "cpu"}), HasSubstr(study + ": cannot be read"));
  EXPECT_THAT(said_by({"evaluate", run, "--profile", "cpu"}), HasSubstr("--profile: only with a study"));
  EXPECT_THAT(said_by({"evaluate", run, "--split", "validation"}), HasSubstr("no such run folder or checkpoint"));
}

TEST(Programs, HelpOfTrainNamesAFieldThatConfigsHave) {
  EXPECT_THAT(said_by({"train", "--help"}), HasSubstr("training.phases.representation.steps=100"));
}

}  // namespace
}  // namespace nr
