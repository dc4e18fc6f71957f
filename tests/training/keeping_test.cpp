// What a run begins with and what it keeps: averages, clipping, checkpoints, transfer, rehearsal, TensorBoard.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "support/errors.h"
#include "support/event_records.h"
#include "support/journal.h"
#include "support/workshop.h"
#include "training/adam.h"
#include "training/average.h"
#include "training/show.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kAutoencoder = "training.phases.representation.optimisers.autoencoder.";
const std::vector<std::string> kEverything{"training.ema=0.9", "training.keep=2", kAutoencoder + "clip=0.5"};

TEST(Kept, ARunWithAllOfItResumesBitForBitAnywhere) {
  Workshop shop("consistent", kEverything);
  train(shop.config, shop.folder / "whole");
  const Checkpoint whole = read_checkpoint(shop.checkpoint("whole"));
  for (const auto& [first, second] : {std::pair{3, 0}, {8, 0}, {8, 2}}) {
    const std::string name = text("parts", first, second);
    RunConfig part = shop.config;
    part.training.phases[0].second.steps = first, part.training.phases[1].second.steps = second;
    train(part, shop.folder / name);
    train(shop.config, shop.folder / name, {true, {"config"}});
    expect_same_tensors(whole, read_checkpoint(shop.checkpoint(name)));
  }
}

TEST(Ema, IsWhatACheckpointHoldsBesideTheWeightsThatTrain) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0"});
  train(shop.config, shop.folder / "without");
  shop.config.training.ema = 0.9;
  train(shop.config, shop.folder / "with");
  const Checkpoint without = read_checkpoint(shop.checkpoint("without")),
                   with = read_checkpoint(shop.checkpoint("with"));
  size_t apart = 0, found = 0;
  for (const auto& [name, tensor] : without.tensors) {
    for (const std::string part : {"encoder", "decoder"}) {
      const std::string prefix = "model/" + part + ".";
      if (name.rfind(prefix, 0) != 0) continue;
      const std::string trained = "trained/" + part + "/" + name.substr(prefix.size());
      ++found, apart += !tensor.equal(with.tensors.at(name));
      EXPECT_TRUE(tensor.equal(with.tensors.at(trained))) << trained;  // it changes nothing of how training goes
    }
  }
  EXPECT_GT(found, 10u);
  EXPECT_GT(apart, found / 2);
  EXPECT_TRUE(load_model(shop.folder / "with").model);
}

TEST(Ema, IsTheMeanThatItsFormulaSays) {
  const auto part = std::make_shared<torch::nn::LinearImpl>(1, 1);
  Average average({{"part", part}, {"frozen", std::make_shared<torch::nn::LinearImpl>(1, 1)}}, 0.5);
  const torch::NoGradGuard no_grad;
  const double before = part->weight.item<double>();
  part->weight.fill_(10);
  average.follow(1, {"part"});    // (1 + 1) / (10 + 1) of the old
  average.follow(1000, {"part"});  // 0.5
  average.follow(1001, {});
  const double expected = 0.5 * (2 / 11. * before + 9 / 11. * 10) + 5;
  {
    const Averaged averaged(average);
    EXPECT_NEAR(part->weight.item<double>(), expected, 1e-5);
  }
  EXPECT_EQ(part->weight.item<double>(), 10);
  average.freeze({"part"});
  EXPECT_EQ(part->weight.item<double>(), 10);
  average.freeze({});
  EXPECT_NEAR(part->weight.item<double>(), expected, 1e-5);
}

TEST(Ema, APartFreezesAtItsAverage) {
  Workshop shop("rave", {"training.ema=0.9"});
  train(shop.config, shop.folder / "run");
  const Checkpoint at_end = read_checkpoint(shop.checkpoint("run", "representation")),
                   after = read_checkpoint(shop.checkpoint("run"));
  for (const auto& [name, tensor] : at_end.tensors)
    if (name.rfind("model/encoder.", 0) == 0) {
      EXPECT_TRUE(tensor.equal(after.tensors.at(name))) << name;
      EXPECT_TRUE(tensor.equal(after.tensors.at("trained/encoder/" + name.substr(14)))) << name;
    }
}

TEST(Ema, SwitchedOffGoesOnWithTheWeightsThatTrain) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0"});
  RunConfig half = shop.config;
  half.training.phases[0].second.steps = 4;
  half.training.ema = 0.9;
  train(half, shop.folder / "parts");
  train(shop.config, shop.folder / "parts", {true, {"config"}});
  train(shop.config, shop.folder / "whole");
  expect_same_tensors(read_checkpoint(shop.checkpoint("whole")), read_checkpoint(shop.checkpoint("parts")));
}

TEST(Clip, ScalesAllGradientsByTheNormOfThemAll) {
  const auto a = torch::zeros({2}).requires_grad_(), b = torch::zeros({1}).requires_grad_();
  Adam adam({{"a", a}, {"b", b}}, {0.5, 0.9});
  const auto gradients = [&](double x, double y, double z) {
    a.mutable_grad() = torch::tensor({x, y}, torch::kFloat), b.mutable_grad() = torch::tensor({z}, torch::kFloat);
  };
  gradients(2, -3, 6);  // of norm 7
  adam.clip(14);
  EXPECT_EQ(b.grad().item<float>(), 6);
  adam.clip(3.5);
  EXPECT_NEAR(a.grad()[0].item<float>(), 1, 1e-6);
  EXPECT_NEAR(a.grad()[1].item<float>(), -1.5, 1e-6);
  EXPECT_NEAR(b.grad().item<float>(), 3, 1e-6);
  gradients(0, 0, 0);
  adam.clip(1);
  EXPECT_EQ(a.grad().abs().sum().item<float>(), 0);
}

TEST(Kept, TheLastCheckpointsStay) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "training.phases.representation.steps=11",
                         "training.checkpoint_every=2", "training.keep=3"});
  train(shop.config, shop.folder / "run");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(shop.folder / "run/checkpoints"))
    if (entry.path().filename().string().rfind("step_", 0) == 0) names.push_back(entry.path().stem());
  EXPECT_THAT(names, testing::UnorderedElementsAre("step_000000006", "step_000000008", "step_000000010"));
  EXPECT_EQ(step_of(read_checkpoint(shop.checkpoint("run", "step_000000006"))), 6);
  EXPECT_EQ(load_model(shop.checkpoint("run", "step_000000008")).step, 8);
}

TEST(InitFrom, TakesWhatFitsAndSaysWhatDoesNot) {
  Workshop source("rave", {"training.phases.adversarial.steps=0"});
  train(source.config, source.folder / "run");
  Workshop shop("rave", {"training.phases.adversarial.steps=0", "seed=9", "model.latent_size=5",
                         "training.phases.representation.steps=1",
                         "training.phases.representation.optimisers.autoencoder.lr=0"});
  testing::internal::CaptureStderr();
  train(shop.config, shop.folder / "run", {false, {}, source.folder / "run"});
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("last.safetensors; not taken: model/"), HasSubstr("/weight [10, "),
                    HasSubstr("(there [8, ")));
  const Checkpoint from = read_checkpoint(source.checkpoint("run")), made = read_checkpoint(shop.checkpoint("run"));
  const std::string first = "model/encoder.encoder/in/weight";
  EXPECT_TRUE(made.tensors.at(first).equal(from.tensors.at(first)));
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "run", {true, {}, source.folder / "run"}); }),
              HasSubstr("a resumed run has its weights"));
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "other", {false, {}, shop.folder / "nowhere"}); }),
              HasSubstr("nowhere: no such run folder or checkpoint"));
  EXPECT_FALSE(fs::exists(shop.folder / "other"));
}

TEST(Rehearsal, OfALaterPhaseThatCannotTrainEndsTheRunBeforeItBegins) {
  Workshop shop("rave");
  // A discriminator whose reflection is longer than the sound: it fails when it first runs.
  shop.config.training.waveform_discriminator.stft_sizes = {65536};
  EXPECT_THAT(error_of([&] { train(shop.config, shop.folder / "run"); }),
              HasSubstr("a rehearsal of phase adversarial, before any training: "));
  EXPECT_FALSE(fs::exists(shop.folder / "run"));
}

TEST(Rehearsal, LeavesNoTrace) {  // a run of one phase has none
  Workshop shop("consistent");
  train(shop.config, shop.folder / "both");
  RunConfig one = shop.config;
  one.training.phases[1].second.steps = 0;
  train(one, shop.folder / "one");
  // Which has the discriminator of the other phase besides.
  const Checkpoint alone = read_checkpoint(shop.checkpoint("one")),
                   rehearsed = read_checkpoint(shop.checkpoint("both", "representation"));
  for (const auto& [name, tensor] : alone.tensors) EXPECT_TRUE(tensor.equal(rehearsed.tensors.at(name))) << name;
  const std::string both = journal_of(shop.folder / "both"), first = journal_of(shop.folder / "one");
  EXPECT_EQ(both.substr(0, first.size()), first);
}

TEST(TensorBoard, ShowsNumbersSoundsPicturesAndLatents) {
  Workshop shop("rave", {"training.phases.adversarial.steps=0"});
  train(shop.config, shop.folder / "run");
  std::map<std::string, int> kinds;  // tag -> field of its value
  for (const Fields& event : read_events(shop.folder / "run/tensorboard"))
    if (event.count(5))
      for (const Fields& value : values_of(event)) {
        for (const int kind : {2, 4, 5, 6})
          if (value.count(kind)) kinds[value.at(1)] |= 1 << kind;
      }
  EXPECT_EQ(kinds["autoencoder/fullband_stft"], 1 << 2);
  EXPECT_EQ(kinds["validation/fullband_stft"], 1 << 2);
  EXPECT_EQ(kinds["clip0/target.audio"], 1 << 4 | 1 << 6);  // a spectrogram and a sound
  EXPECT_EQ(kinds["clip1/decoded.audio"], 1 << 4 | 1 << 6);
  EXPECT_EQ(kinds["latent/mean"], 1 << 5);
}

TEST(TensorBoard, IsLeftOutWhereTheConfigSaysSoAndChangesNoBit) {
  Workshop shop("v3");
  train(shop.config, shop.folder / "with");
  shop.config.training.tensorboard = false;
  train(shop.config, shop.folder / "without");
  EXPECT_FALSE(fs::exists(shop.folder / "without/tensorboard"));
  expect_same_tensors(read_checkpoint(shop.checkpoint("with")), read_checkpoint(shop.checkpoint("without")));
  EXPECT_EQ(journal_of(shop.folder / "with"), journal_of(shop.folder / "without"));
}

TEST(TensorBoard, ShowsSoundsEverMoreSeldom) {
  int shown = 0;
  for (int i = 1; i <= 1000; ++i) shown += is_shown(i);
  EXPECT_TRUE(is_shown(1));
  EXPECT_FALSE(is_shown(0));
  EXPECT_GT(shown, 40);
  EXPECT_LT(shown, 70);
}

}  // namespace
}  // namespace nr
