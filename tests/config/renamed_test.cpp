#include "config/renamed.h"

#include <gtest/gtest.h>

#include <map>

#include "config/writer.h"
#include "support/errors.h"

namespace nr {
namespace {

struct Optimiser {
  std::vector<std::string> parts;
  std::map<std::string, double> losses;
  int every = 1;
  std::vector<int> offsets;
  template <class V>
  void fields(V& v) {
    v("parts", parts);
    v("losses", losses, config::one_of({"kl", "fader_discriminator"}));
    v("every", every);
    v("offsets", offsets);
  }
};
struct Phase {
  Named<Optimiser> optimisers;
  template <class V>
  void fields(V& v) {
    v("optimisers", optimisers);
  }
};
struct Training {
  Named<Phase> phases;
  template <class V>
  void fields(V& v) {
    v("phases", phases);
  }
};
struct Document {
  std::map<std::string, std::string> model;
  Training training;
  template <class V>
  void fields(V& v) {
    v("model", model);
    v("training", training);
  }
};

std::string refusal(const std::string& yaml) {
  return error_of([&] { config::read<Document>(config::parse_text(yaml, "x.yaml")); });
}

TEST(Renamed, AnOldKeyIsRefusedWithItsNewName) {
  EXPECT_EQ(refusal("training:\n  phases:\n    one:\n      players: {}\n"),
            "x.yaml:4: training.phases.one has no field 'players': it is called 'optimisers' now");
  const auto of_optimiser = [](const std::string& field) {
    return refusal("training: {phases: {one: {optimisers: {a: {" + field + "}}}}}");
  };
  const std::string where = "x.yaml:1: training.phases.one.optimisers.a";
  EXPECT_EQ(of_optimiser("minimises: {}"), where + " has no field 'minimises': it is called 'losses' now");
  EXPECT_EQ(of_optimiser("trains: []"), where + " has no field 'trains': it is called 'parts' now");
  EXPECT_EQ(of_optimiser("turns: []"), where + " has no field 'turns': it is called 'offsets' now");
  EXPECT_EQ(of_optimiser("losses: {attribute_prediction: 1}"),
            where + ".losses: unknown name 'attribute_prediction': it is called 'fader_discriminator' now");
  EXPECT_EQ(refusal("prior: {}"),
            "x.yaml:1: the config has no field 'prior': it is called 'model' now, with type: prior");
}

TEST(Renamed, AnOldNameOfSomethingElseIsNoRename) {
  EXPECT_EQ(refusal("training:\n  turns: []\n"), "x.yaml:2: training has no field 'turns' (there are: phases)");
}

TEST(Renamed, AnOldDocumentIsUpgradedThroughout) {
  config::Value root = config::parse_text(
      "model: {type: rave}\n"
      "training:\n"
      "  phases:\n"
      "    turns:\n"
      "      players:\n"
      "        players: {trains: [encoder], minimises: {kl: 1, attribute_prediction: 2}, every: 4, turns: [1, 3]}\n"
      "    prior:\n"
      "      players: {trains: {turns: [0]}}\n");
  config::upgrade(root);
  const Document run = config::read<Document>(root);
  ASSERT_EQ(run.training.phases.size(), 2u);
  EXPECT_EQ(run.training.phases[0].first, "turns") << "a phase keeps its name";
  EXPECT_EQ(run.training.phases[1].first, "prior");
  const auto& [name, optimiser] = run.training.phases[0].second.optimisers.at(0);
  EXPECT_EQ(name, "players") << "an optimiser keeps its name";
  EXPECT_EQ(optimiser.parts, std::vector<std::string>{"encoder"});
  EXPECT_EQ(optimiser.losses.at("fader_discriminator"), 2);
  EXPECT_EQ(optimiser.offsets, (std::vector<int>{1, 3}));
  EXPECT_EQ(run.training.phases[1].second.optimisers.at(0).first, "trains");
  EXPECT_EQ(run.training.phases[1].second.optimisers.at(0).second.offsets, std::vector<int>{0});
}

TEST(Renamed, APriorOfAnOldDocumentBecomesItsModel) {
  config::Value root = config::parse_text(
      "seed: 3\nprior: {run: runs/demo, width: 64}\n"
      "training: {steps: 5, batch: 2, frames: 16, measured_batches: 4, lr: 0.1, betas: [0.9, 0.99]}\n");
  config::upgrade(root);
  const config::Value now = config::parse_text(
      "seed: 3\nmodel: {type: prior, run: runs/demo, width: 64, frames: 16, measured_batches: 4}\n"
      "training: {batch: 2, phases: {prior: {steps: 5, optimisers: {prior: {parts: [prior], losses: {nats: 1}, lr: "
      "0.1, "
      "betas: [0.9, 0.99]}}}}}\n");
  EXPECT_EQ(config::dump(root), config::dump(now));
}

TEST(Renamed, AnUpgradedDocumentStaysAsItIs) {
  config::Value root =
      config::parse_text("model: {type: prior}\nprior: {width: 64}\ntraining: {losses: {}, minimises: {}}\n");
  const std::string before = config::dump(root);
  config::upgrade(root);
  EXPECT_EQ(config::dump(root), before) << "where both names stand, neither is lost";
}

}  // namespace
}  // namespace nr
