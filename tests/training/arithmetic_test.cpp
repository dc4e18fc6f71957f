// How a run computes: training.deterministic and training.autocast.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "config/writer.h"
#include "support/errors.h"
#include "support/process.h"
#include "support/workshop.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

// The program itself: LibTorch takes its threads from the environment when it starts.
void train_on(int threads, const Workshop& shop, const RunConfig& config, const std::string& run,
              bool resumed = false) {
  const fs::path yaml = shop.folder / (run + ".yaml"), log = shop.folder / (run + ".log");
  write_file(yaml, config::dump(config));
  std::vector<std::string> arguments{std::string(NR_BINARY_DIR) + "/train", yaml, "--run", shop.folder / run};
  if (resumed) arguments.insert(arguments.end(), {"--resume", "--accept", "config"});
  Process process(arguments, log, {{"OMP_NUM_THREADS", std::to_string(threads)}});
  ASSERT_EQ(process.wait(120), 0) << read_file(log);
}

// Its latent discriminator's convolutions are LibTorch's, and so wide that threads share their sums: without the mode
// one thread and two give other bits.
TEST(Deterministic, OneThreadAndTwoGiveTheSameBitsResumedToo) {
  Workshop shop("f_rave", {"training.deterministic=true", "training.batch=16",
                           "training.latent_discriminator.width=128", "training.phases.representation.steps=3",
                           "training.phases.adversarial.steps=0"});
  train_on(1, shop, shop.config, "one");
  train_on(2, shop, shop.config, "two");
  const Checkpoint one = read_checkpoint(shop.checkpoint("one"));
  expect_same_tensors(one, read_checkpoint(shop.checkpoint("two")));
  RunConfig part = shop.config;
  part.training.phases[0].second.steps = 1;
  train_on(2, shop, part, "parts");
  train_on(1, shop, shop.config, "parts", true);
  expect_same_tensors(one, read_checkpoint(shop.checkpoint("parts")));
}

TEST(Deterministic, IsRefusedWithAlgorithmsThatAreTried) {
  EXPECT_THAT(error_of([] { Workshop("rave", {"training.deterministic=true", "training.autotune=true"}); }),
              HasSubstr("training.autotune: the fastest algorithms differ from run to run; expected false"));
}

// Whose last two steps, one of the discriminator and one of the decoder, are in the journal.
const std::vector<std::string> kTwenty{"training.phases.representation.steps=10",
                                       "training.phases.adversarial.steps=11", "training.checkpoint_every=5"};

// The losses that the optimisers found, by step and name.
std::map<std::string, double> losses_of(const fs::path& run) {
  std::map<std::string, double> out;
  std::istringstream lines(read_file(run / "journal.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json entry = nlohmann::json::parse(line);
    for (const auto& [name, value] : entry.items())
      for (const char* optimiser : {"autoencoder/", "decoder/", "waveform_discriminator/", "latent_discriminator/"})
        if (name.rfind(optimiser, 0) == 0)
          out[entry.at("step").dump() + " " + name] = value.get<double>();
  }
  return out;
}

class Bf16 : public testing::TestWithParam<const char*> {};

TEST_P(Bf16, TrainsNearFloat32AndKeepsFloat32Weights) {
  Workshop shop(GetParam(), kTwenty);
  train(shop.config, shop.folder / "float");
  shop.config.training.autocast = "bf16";
  train(shop.config, shop.folder / "bf16");
  const auto exact = losses_of(shop.folder / "float"), mixed = losses_of(shop.folder / "bf16");
  ASSERT_EQ(exact.size(), mixed.size());
  EXPECT_GT(exact.size(), 7u);
  bool differs = false;
  for (const auto& [name, value] : exact) {
    EXPECT_NEAR(mixed.at(name), value, 0.02 * std::max(0.5, std::abs(value))) << name;
    differs |= mixed.at(name) != value;
  }
  EXPECT_TRUE(differs) << "nothing was computed in bfloat16";
  const Checkpoint a = read_checkpoint(shop.checkpoint("float")), b = read_checkpoint(shop.checkpoint("bf16"));
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) EXPECT_EQ(tensor.dtype(), b.tensors.at(name).dtype()) << name;
}

INSTANTIATE_TEST_SUITE_P(Configs, Bf16, testing::Values("f_rave", "v3"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Bf16, ResumedEqualsUninterruptedBitForBit) {
  std::vector<std::string> settings = kTwenty;
  settings.push_back("training.autocast=bf16");
  Workshop shop("f_rave", settings);
  train(shop.config, shop.folder / "whole");
  RunConfig part = shop.config;
  part.training.phases[1].second.steps = 5;
  train(part, shop.folder / "parts");
  train(shop.config, shop.folder / "parts", {true, {"config"}});
  expect_same_tensors(read_checkpoint(shop.checkpoint("whole")), read_checkpoint(shop.checkpoint("parts")));
}

TEST(Bf16, IsRefusedWhereASystemHasNoPassInIt) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/mel/vae.yaml");
  config::set(root, "training.autocast", "bf16");
  EXPECT_THAT(error_of([&] { read_run_config(root); }),
              HasSubstr("training.autocast: bf16, but a mel_vae has no pass in it; expected off"));
}

}  // namespace
}  // namespace nr
