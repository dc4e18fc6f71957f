// Notes: values of a step, what hides a style and what makes a decoder obey.
#include "systems/wae.h"

#include <gmock/gmock.h>

#include "data/prepare.h"
#include "evaluation/journal.h"
#include "support/note_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {

struct NoteRun {
  TemporaryFolder folder;
  RunConfig config;

  explicit NoteRun(const std::string& name, const std::vector<std::string>& settings = {}) {
    write_notes(folder / "notes");
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/wae/" + name + ".yaml");
    make_small_wae(root, folder / "notes", folder / "cache");
    for (const std::string& setting : settings) config::set(root, setting);
    config = read_run_config(root);
    prepare(config.data, config.descriptors);
  }
};

TEST(WaeSystem, GivesTheDecoderTheClassesOfTheNote) {
  NoteRun run("wae_consistent");
  WaeSystem system(run.config);
  const DataNeeds needs = system.needs();
  const Dataset dataset(needs.data, needs.descriptors);
  LoaderConfig loading;
  loading.batch = 8, loading.latent_hop = needs.hop, loading.whole = true;
  Loader loader(dataset, Split::kTrain, {}, loading);
  system.begin(loader);
  system.set_mode({"encoder", "decoder"});
  Values values;
  Random random(1);
  const Batch batch = loader.batch(0);
  system.produce(batch, random, values);
  const auto condition = values["condition"];
  EXPECT_EQ(condition.size(1), 12 + 2 + 2);
  EXPECT_TRUE(condition.sum(1).allclose(torch::full({8}, 3.0))) << "one class of each label";
  EXPECT_TRUE(condition.narrow(1, 14, 2).equal(batch.labels.at("instrument")));
  const auto asked = values["exchanged.condition"];
  EXPECT_TRUE(std::get<0>(asked.sum(0).sort()).allclose(std::get<0>(condition.sum(0).sort())))
      << "the conditions of the same notes, in another order";
  EXPECT_EQ(values["exchanged.mel"].sizes(), values["target.mel"].sizes());
  EXPECT_EQ(values["latent"].sizes(), (at::IntArrayRef{8, 3, 1}));
}

// First and lowest.
std::pair<double, double> course(const std::filesystem::path& run, const std::string& name) {
  for (const JournalCurve& curve : read_journal(run / "journal.jsonl"))
    if (curve.name == name)
      return {curve.values.front(), *std::min_element(curve.values.begin(), curve.values.end())};
  ADD_FAILURE() << "no " << name << " in the journal";
  return {0, 0};
}

TEST(WaeSystem, LearnsToReconstruct) {
  NoteRun run("wae_style", {"training.phases.representation.steps=60", "training.validate_every=20",
                            "training.phases.representation.optimisers.autoencoder.lr=0.005", "model.channels=4"});
  train(run.config, run.folder / "run");
  const auto [first, lowest] = course(run.folder / "run", "validation/mel_mse");
  EXPECT_LT(lowest, 0.6 * first);
}

TEST(WaeSystem, ClassifiesNotesBeforeTheDecoderLearnsFromIt) {
  NoteRun run("wae_consistent",
              {"training.phases.classification.steps=60", "training.phases.representation.steps=2",
               "training.validate_every=20", "training.phases.classification.optimisers.classifier.lr=0.01"});
  train(run.config, run.folder / "run");
  const auto [first, lowest] = course(run.folder / "run", "validation/note_classification");
  EXPECT_LT(lowest, 0.7 * first);
}

}  // namespace
}  // namespace nr
