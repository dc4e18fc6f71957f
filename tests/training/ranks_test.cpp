// Several processes that train one run: the program itself, started as torchrun starts it.
#include "nn/ranks.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/log.h"
#include "config/writer.h"
#include "nn/launch.h"
#include "support/errors.h"
#include "support/process.h"
#include "support/workshop.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

// Variables of the environment for as long as a test lasts.
class Environment {
 public:
  explicit Environment(const std::vector<std::pair<std::string, std::string>>& variables) : variables_(variables) {
    for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

TEST(Launch, WithoutALauncherIsOneProcess) {
  const Launch launch = launch_of_environment();
  EXPECT_EQ(launch.ranks.rank, 0);
  EXPECT_EQ(launch.ranks.count, 1);
}

TEST(Launch, IsReadFromTorchrun) {
  const Environment environment({{"RANK", "5"}, {"WORLD_SIZE", "8"}, {"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "4"},
                                 {"MASTER_ADDR", "10.0.0.1"}, {"MASTER_PORT", "1234"}});
  const Launch launch = launch_of_environment();
  EXPECT_EQ(launch.ranks.rank, 5);
  EXPECT_EQ(launch.ranks.count, 8);
  EXPECT_EQ(launch.ranks.local, 1);
  EXPECT_EQ(launch.ranks.local_count, 4);
  EXPECT_EQ(launch.address, "10.0.0.1");
  EXPECT_EQ(launch.port, 1234);
}

TEST(Launch, IsReadFromMpirunOnOneMachine) {
  const Environment environment({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"},
                                 {"OMPI_COMM_WORLD_LOCAL_RANK", "1"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}});
  const Launch launch = launch_of_environment();
  EXPECT_EQ(launch.ranks.rank, 1);
  EXPECT_EQ(launch.address, "127.0.0.1");
  EXPECT_EQ(launch.port, 29500);
}

TEST(Launch, IsReadFromSrunAndNotFromABatchScript) {
  const Environment script({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "6"}, {"SLURM_STEP_NODELIST", "node[07-09],x"}});
  EXPECT_EQ(launch_of_environment().ranks.count, 1);
  const Environment step({{"SLURM_STEP_NUM_TASKS", "6"}, {"SLURM_LOCALID", "0"},
                          {"SLURM_STEP_TASKS_PER_NODE", "2(x3)"}});
  const Launch launch = launch_of_environment();
  EXPECT_EQ(launch.ranks.count, 6);
  EXPECT_EQ(launch.ranks.local_count, 2);
  EXPECT_EQ(launch.address, "node07");
  EXPECT_EQ(first_node("a,b[1-2]"), "a");
  EXPECT_EQ(first_node("gpu[3]"), "gpu3");
  EXPECT_EQ(first_node("gpu[1,5]"), "gpu1");
  EXPECT_EQ(first_node("one"), "one");
}

TEST(Launch, RefusesWhatItCannotUse) {
  const Environment environment({{"RANK", "x"}, {"WORLD_SIZE", "2"}});
  EXPECT_EQ(error_of([] { launch_of_environment(); }), "the environment's RANK is 'x': expected a number");
  setenv("RANK", "2", 1);
  EXPECT_EQ(error_of([] { launch_of_environment(); }), "the environment's RANK is 2: expected less than WORLD_SIZE, 2");
  setenv("RANK", "1", 1);
  EXPECT_EQ(error_of([] { launch_of_environment(); }),
            "rank 1 of 2: expected the first rank's machine in MASTER_ADDR");
}

TEST(Ranks, AloneChangesNothing) {
  auto x = torch::randn({3, 2});
  const auto before = x.clone();
  sum_over_ranks(x), average_over_ranks({x}), take_from_first_rank({x});
  EXPECT_TRUE(x.equal(before));
  EXPECT_TRUE(mean_over_ranks(x).equal(before));
  EXPECT_TRUE(any_rank(true));
  EXPECT_FALSE(any_rank(false));
  torch::manual_seed(3);
  const auto drawn = normal_like(x);
  torch::manual_seed(3);
  EXPECT_TRUE(drawn.equal(torch::randn({3, 2})));
}

std::string free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET, address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  close(listener);
  return std::to_string(ntohs(address.sin_port));
}

// `count` processes of train on one config, in one folder.
struct Team {
  std::vector<std::unique_ptr<Process>> processes;
  std::vector<fs::path> logs;

  Team(const fs::path& yaml, const fs::path& run, int count, const std::vector<std::string>& more = {}) {
    const std::string port = free_port(), number = std::to_string(count);
    std::vector<std::string> arguments{std::string(NR_BINARY_DIR) + "/train", yaml, "--run", run};
    arguments.insert(arguments.end(), more.begin(), more.end());
    for (int i = 0; i < count; ++i) {
      logs.push_back(run.string() + ".log" + std::to_string(i));
      processes.push_back(std::make_unique<Process>(
          arguments, logs.back(),
          std::vector<std::pair<std::string, std::string>>{{"RANK", std::to_string(i)},
                                                           {"WORLD_SIZE", number},
                                                           {"LOCAL_RANK", std::to_string(i)},
                                                           {"LOCAL_WORLD_SIZE", number},
                                                           {"MASTER_ADDR", "127.0.0.1"},
                                                           {"MASTER_PORT", port}}));
    }
  }
  void expect_success() {
    for (size_t i = 0; i < processes.size(); ++i) EXPECT_EQ(processes[i]->wait(120), 0) << read_file(logs[i]);
  }
};

fs::path write_config(const Workshop& shop, RunConfig config, const std::string& name) {
  write_file(shop.folder / name, config::dump(config));
  return shop.folder / name;
}

std::vector<nlohmann::json> journal_entries(const fs::path& run) {
  std::istringstream lines(read_file(run / "journal.jsonl"));
  std::vector<nlohmann::json> out;
  for (std::string line; std::getline(lines, line);) out.push_back(nlohmann::json::parse(line));
  return out;
}

// Every loss of every line, but for what a survey measures on batches of a rank's size.
void expect_near(const fs::path& a, const fs::path& b, double tolerance) {
  const auto one = journal_entries(a), other = journal_entries(b);
  ASSERT_EQ(one.size(), other.size());
  size_t compared = 0;
  for (size_t i = 0; i < one.size(); ++i)
    for (const auto& [name, value] : one[i].items()) {
      if (!value.is_number() || name.find("second") != std::string::npos || name.rfind("latent/", 0) == 0) continue;
      const double x = value.get<double>(), y = other[i].at(name).get<double>();
      EXPECT_NEAR(x, y, tolerance * std::max(1.0, std::abs(x))) << name << " at step " << one[i].at("step");
      ++compared;
    }
  EXPECT_GT(compared, 20u);
}

class TwoRanks : public testing::TestWithParam<const char*> {};

// Without exchanges, whose donors are a rank's own clips. The steps are small, because Adam makes steps of one size of
// gradients that are nothing but rounding.
TEST_P(TwoRanks, OfABatchAreOneProcessOfTwice) {
  Workshop shop(GetParam(), {"training.validate_every=3", "training.phases.representation.steps=12",
                             "training.phases.adversarial.steps=12"});
  for (auto& [phase, of] : shop.config.training.phases)
    for (auto& [name, optimiser] : of.optimisers) optimiser.lr = 1e-6;
  RunConfig twice = shop.config;
  twice.training.batch *= 2;
  train(twice, shop.folder / "one");
  Team team(write_config(shop, shop.config, "two.yaml"), shop.folder / "two", 2);
  team.expect_success();
  expect_near(shop.folder / "one", shop.folder / "two", 1e-5);
  size_t gradients = 0;  // those of log spectra have steps, so that rounding shows
  for (const std::string phase : {"representation", "adversarial"}) {
    const Checkpoint one = read_checkpoint(shop.checkpoint("one", phase)),
                     two = read_checkpoint(shop.checkpoint("two", phase));
    for (const auto& [name, first] : one.tensors)
      if (name.rfind("optimiser/", 0) == 0 && name.find(".first") != std::string::npos) {
        const double size = first.norm().item<double>(), apart = (first - two.tensors.at(name)).norm().item<double>();
        EXPECT_LT(apart, 0.01 * size + 1e-6) << name << " of norm " << size;
        ++gradients;
      }
  }
  EXPECT_GT(gradients, 20u);
}

INSTANTIATE_TEST_SUITE_P(Configs, TwoRanks, testing::Values("rave", "f_rave", "v3"),
                         [](const auto& info) { return std::string(info.param); });

TEST(LostRank, EndsTheOthersSoonAndTheRunGoesOnWithAnotherNumber) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=100000",
                         "training.checkpoint_every=10"});
  const fs::path yaml = write_config(shop, shop.config, "long.yaml"), last = shop.checkpoint("run");
  Team team(yaml, shop.folder / "run", 2);
  for (const double begin = now_seconds(); !fs::exists(last) && now_seconds() < begin + 60;)
    ASSERT_FALSE(team.processes[0]->wait(0.05)) << read_file(team.logs[0]);
  team.processes[1]->kill(SIGKILL);
  const double killed = now_seconds();
  EXPECT_EQ(team.processes[0]->wait(60), 1);
  EXPECT_LT(now_seconds() - killed, 60);
  EXPECT_THAT(read_file(team.logs[0]), HasSubstr("error: rank 0 of 2: another rank ended or does not answer ("));
  EXPECT_THAT(read_file(team.logs[0]), HasSubstr("start all of them again, with --resume"));

  const int64_t step = step_of(read_checkpoint(last));
  RunConfig longer = shop.config;
  longer.training.phases[0].second.steps = step + 5;
  train(longer, shop.folder / "run", {true, {"config"}});  // alone
  EXPECT_EQ(step_of(read_checkpoint(last)), step + 5);
  longer.training.phases[0].second.steps = step + 10;
  Team again(write_config(shop, longer, "longer.yaml"), shop.folder / "run", 2, {"--resume", "--accept", "config"});
  again.expect_success();
  EXPECT_EQ(step_of(read_checkpoint(last)), step + 10);
}

TEST(Ranks, OfTwoConfigsAreRefused) {
  Workshop shop("rave");
  const fs::path yaml = write_config(shop, shop.config, "run.yaml");
  const std::string port = free_port();
  std::vector<std::unique_ptr<Process>> processes;
  for (const std::string rank : {"0", "1"})
    processes.push_back(std::make_unique<Process>(
        std::vector<std::string>{std::string(NR_BINARY_DIR) + "/train", yaml, "--run", shop.folder / "run", "--set",
                                 "seed=" + rank},
        shop.folder / ("log" + rank),
        std::vector<std::pair<std::string, std::string>>{
            {"RANK", rank}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "127.0.0.1"}, {"MASTER_PORT", port}}));
  for (auto& process : processes) EXPECT_EQ(process->wait(120), 1);
  EXPECT_THAT(read_file(shop.folder / "log0"), HasSubstr("rank 1 has another config than rank 0"));
  EXPECT_FALSE(fs::exists(shop.folder / "run"));
}

}  // namespace
}  // namespace nr
