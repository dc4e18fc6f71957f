// What a run keeps, and what stops it.
#include <gmock/gmock.h>

#include "base/files.h"
#include "data/split.h"
#include "support/command.h"
#include "support/errors.h"
#include "support/workshop.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

const std::vector<std::string> kShort{"training.phases.adversarial.steps=0", "training.phases.representation.steps=4",
                                      "training.checkpoint_every=2"};

std::string refusal(const RunConfig& config, const fs::path& folder, const std::vector<std::string>& accept = {}) {
  return error_of([&] { train(config, folder, {true, accept}); });
}

RunConfig longer(RunConfig config, int64_t steps) {
  config.training.phases[0].second.steps = steps;
  return config;
}

TEST(Resume, OfAFolderWithoutARunIsRefusedAndMakesNothing) {
  Workshop shop("rave", kShort);
  EXPECT_THAT(refusal(shop.config, shop.folder / "mistyped"), HasSubstr("mistyped: holds no run to resume"));
  EXPECT_FALSE(fs::exists(shop.folder / "mistyped"));
}

TEST(Resume, RefusesAnotherConfigByFieldUnlessItIsAccepted) {
  Workshop shop("rave", kShort);
  train(shop.config, shop.folder / "run");
  RunConfig config = longer(shop.config, 6);
  config.training.batch = 3, config.device = "auto";
  EXPECT_THAT(refusal(config, shop.folder / "run"),
              AllOf(HasSubstr("last.safetensors: the run was trained with different config: "),
                    HasSubstr("training.batch: 2 -> 3"), HasSubstr("training.phases.representation.steps: 4 -> 6"),
                    HasSubstr("go on with it by --accept config"), testing::Not(HasSubstr("device"))));
  EXPECT_EQ(refusal(config, shop.folder / "run", {"config"}), "no error");
  EXPECT_EQ(read_checkpoint(shop.checkpoint("run")).texts.at("step"), "6");
  EXPECT_THAT(refusal(config, shop.folder / "run", {"confg"}),
              HasSubstr("--accept confg: expected config, controls or data (did you mean 'config'?)"));
}

TEST(Resume, RefusesOtherControlsOfTheSameNumber) {
  Workshop shop("f_rave", kShort);
  train(shop.config, shop.folder / "run");
  RunConfig config = longer(shop.config, 6);
  std::swap(config.descriptors.controls[0], config.descriptors.controls[1]);
  EXPECT_THAT(refusal(config, shop.folder / "run", {"config", "data"}),
              AllOf(HasSubstr("the run was trained with different controls: descriptors.controls: ["),
                    HasSubstr("--accept controls")));
  EXPECT_EQ(refusal(config, shop.folder / "run", {"config", "controls"}), "no error");
  const std::vector<Scale> scales = scales_of(read_checkpoint(shop.checkpoint("run")));
  for (size_t i = 0; i < scales.size(); ++i) EXPECT_EQ(scales[i].descriptor, config.descriptors.controls[i]);
}

// A recording is added and one is changed: the first run's scales and splits stay.
TEST(Resume, RefusesOtherDataAndWhenToldToTakesThemKeepsItsScalesAndItsTestFiles) {
  Workshop shop("f_rave", kShort);
  train(shop.config, shop.folder / "run");
  const Checkpoint before = read_checkpoint(shop.checkpoint("run"));
  for (int i = 0; i < 6; ++i)
    write_wav(shop.folder / "audio" / ("loud" + std::to_string(i) + ".wav"), swelling_tone(40 + i, 8000, 8000), 8000);
  shop.config.data.test = 0.45;  // other shares: of the old files some would leave the test split or enter it
  shop.config.data.validation = 0.05;
  prepare(shop.config.data, shop.config.descriptors);
  const RunConfig config = longer(shop.config, 6);
  EXPECT_THAT(refusal(config, shop.folder / "run", {"config"}),
              AllOf(HasSubstr("the run was trained with different data: fingerprint "), HasSubstr("--accept data")));
  EXPECT_EQ(refusal(config, shop.folder / "run", {"config", "data"}), "no error");
  const Checkpoint after = read_checkpoint(shop.checkpoint("run"));
  EXPECT_EQ(after.texts.at("scales"), before.texts.at("scales"));
  const auto old_splits = parse_splits(before.texts.at("splits")), new_splits = parse_splits(after.texts.at("splits"));
  EXPECT_GT(new_splits.size(), old_splits.size());
  size_t tests = 0;
  for (const auto& [path, split] : old_splits) {
    EXPECT_EQ(new_splits.at(path), split) << path;
    tests += split == Split::kTest;
  }
  EXPECT_GT(tests, 0u);
}

TEST(Train, TheBestIsKeptForEachPhaseByItself) {
  Workshop shop("rave", {"training.validate_every=2", "training.phases.representation.steps=4",
                         "training.phases.adversarial.steps=4"});
  train(shop.config, shop.folder / "run");
  for (const auto& [phase, first, last] : {std::tuple{"representation", 1, 4}, {"adversarial", 5, 8}}) {
    const int64_t step = step_of(read_checkpoint(shop.checkpoint("run", std::string("best_") + phase)));
    EXPECT_GE(step, first) << phase;
    EXPECT_LE(step, last) << phase;
  }
}

// The program itself, with the signal that Ctrl-C sends.
TEST(Resume, AfterCtrlCEndsAsAnUninterruptedRun) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=400",
                         "training.checkpoint_every=1000"});
  train(shop.config, shop.folder / "whole");
  const std::string config = shop.folder / "whole/config.yaml", run = shop.folder / "stopped",
                    journal = run + "/journal.jsonl";
  const std::string train_program = std::string(NR_BINARY_DIR) + "/train " + config + " --run " + run;
  const Ran stopped =
      run_command("(" + train_program + " & pid=$!; while ! grep -q fullband " + journal +
                  " 2> /dev/null; do kill -0 $pid || exit 9; sleep 0.01; done; kill -INT $pid; wait $pid)");
  EXPECT_EQ(stopped.status, 0) << stopped.output;
  EXPECT_THAT(stopped.output, HasSubstr("saved; go on with --resume"));
  const int64_t step = step_of(read_checkpoint(shop.checkpoint("stopped")));
  EXPECT_GT(step, 0);
  ASSERT_LT(step, 400) << "the signal came too late: nothing was interrupted";
  const Ran resumed = run_command(train_program + " --resume");
  EXPECT_EQ(resumed.status, 0) << resumed.output;
  expect_same_tensors(read_checkpoint(shop.checkpoint("whole")), read_checkpoint(shop.checkpoint("stopped")));
}

}  // namespace
}  // namespace nr
