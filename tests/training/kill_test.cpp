// What kill -9, a full disk and a folder that cannot be written leave behind. NR_KILLS: how often each test kills each
// program, 2 without.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "base/log.h"
#include "base/random.h"
#include "config/writer.h"
#include "nn/checkpoint.h"
#include "support/command.h"
#include "support/journal.h"
#include "support/process.h"
#include "support/small_systems.h"
#include "support/workshop.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

int kills() {
  const char* given = std::getenv("NR_KILLS");
  return given ? std::atoi(given) : 2;
}

const fs::path kPrograms = NR_BINARY_DIR;

// A program with its arguments, killed at random moments until it ends by itself.
class Victim {
 public:
  Victim(const std::string& program, std::vector<std::string> arguments, const fs::path& log, uint64_t seed)
      : arguments_(std::move(arguments)), log_(log), random_(seed) {
    arguments_.insert(arguments_.begin(), kPrograms / program);
  }
  // Without a kill. -> seconds
  double run() {
    const double started = now_seconds();
    Process process(arguments_, log_);
    EXPECT_EQ(process.wait(300), 0) << read_file(log_);
    return now_seconds() - started;
  }
  // With one, somewhere in these seconds.
  bool ends_within(double seconds, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = arguments_;
    arguments.insert(arguments.end(), more.begin(), more.end());
    Process process(arguments, log_);
    const auto status = process.wait(random_.uniform() * seconds);
    EXPECT_EQ(status.value_or(0), 0) << read_file(log_);
    return status.has_value();
  }

 private:
  std::vector<std::string> arguments_;
  fs::path log_;
  Random random_;
};

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder)) out.insert(entry.path().filename());
  return out;
}

void expect_same_runs(const fs::path& a, const fs::path& b) {
  ASSERT_EQ(names_in(a / "checkpoints"), names_in(b / "checkpoints"));
  for (const std::string& name : names_in(a / "checkpoints")) {
    const Checkpoint one = read_checkpoint(a / "checkpoints" / name), other = read_checkpoint(b / "checkpoints" / name);
    expect_same_tensors(one, other);
    EXPECT_EQ(one.texts, other.texts) << name;
  }
  EXPECT_EQ(journal_of(a), journal_of(b));
  EXPECT_EQ(names_in(a), names_in(b));
}

class Killed : public testing::TestWithParam<SmallSystem> {};

TEST_P(Killed, PrepareAndTrainEndAsIfNothingHadHappened) {
  const TemporaryFolder folder;
  config::Value root = GetParam().make(folder);
  RunConfig config = read_run_config(root);
  for (auto& [name, phase] : config.training.phases)
    if (phase.steps > 0) phase.steps = 9;
  config.training.checkpoint_every = 2, config.training.validate_every = 3, config.training.ema = 0.9;
  config.training.keep = 2, config.training.validation_batches = 1;
  const fs::path yaml = folder / "small.yaml", log = folder / "log";
  write_file(yaml, config::dump(config));
  const bool prior = GetParam().name == std::string("prior");  // whose data are its model's

  Victim prepared("prepare", {yaml}, log, 1), whole("train", {yaml, "--run", folder / "whole"}, log, 2);
  const double preparing = prior ? 0 : prepared.run(), training = whole.run();
  for (int i = 0; i < kills() && !prior; ++i) {
    fs::remove_all(folder / "cache");
    prepared.ends_within(preparing);
    prepared.run();
  }
  Victim again("train", {yaml, "--run", folder / "again"}, log, 3);
  again.run();
  expect_same_runs(folder / "whole", folder / "again");  // of data whose preparation was killed

  Victim killed("train", {yaml, "--run", folder / "killed"}, log, 4);
  for (int i = 0; i < kills();) {
    fs::remove_all(folder / "killed");
    for (;; ++i) {
      std::vector<std::string> more;
      if (fs::exists(folder / "killed/checkpoints/last.safetensors")) more = {"--resume"};
      if (killed.ends_within(i < kills() ? training : 1e6, more)) break;
    }
    expect_same_runs(folder / "whole", folder / "killed");
    if (HasFailure()) FAIL() << read_file(log);
  }
}

std::string name_of(const testing::TestParamInfo<SmallSystem>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Systems, Killed, testing::ValuesIn(small_systems()), name_of);

// The limit on a file's size stands for the disk's end: a write gives fewer bytes and then an error.
TEST(FullDisk, EndsARunWithOneLineAndLosesNothing) {
  Workshop shop("rave", {"training.tensorboard=false"});
  train(shop.config, shop.folder / "whole");
  RunConfig half = shop.config;
  half.training.phases[0].second.steps = 4, half.training.phases[1].second.steps = 0;
  train(half, shop.folder / "run");
  const std::string before = read_file(shop.checkpoint("run"));
  const std::string command = (kPrograms / "train").string() + " " + (shop.folder / "whole/config.yaml").string() +
                              " --run " + (shop.folder / "run").string() + " --resume --accept config";
  const Ran full = run_command("trap '' XFSZ; ulimit -f 16; " + command);
  EXPECT_EQ(full.status, 1);
  EXPECT_THAT(full.output, HasSubstr(".safetensors: cannot be written (File too large)"));
  EXPECT_EQ(full.output.find("error: "), full.output.rfind("error: ")) << full.output;
  EXPECT_EQ(read_file(shop.checkpoint("run")), before);
  EXPECT_EQ(run_command(command).status, 0);
  expect_same_tensors(read_checkpoint(shop.checkpoint("whole")), read_checkpoint(shop.checkpoint("run")));
  EXPECT_EQ(names_in(shop.folder / "run/checkpoints"), names_in(shop.folder / "whole/checkpoints"));
}

TEST(ReadOnlyFolder, IsSaidInOneLineBeforeAnyTraining) {
  Workshop shop("rave");
  train(shop.config, shop.folder / "run");
  const Ran refused = run_command((kPrograms / "train").string() + " " + (shop.folder / "run/config.yaml").string() +
                                  " --run /proc/nowhere");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.output, HasSubstr("error: /proc/nowhere: cannot make this folder ("));
  EXPECT_THAT(refused.output, testing::Not(HasSubstr("representation")));
}

}  // namespace
}  // namespace nr
