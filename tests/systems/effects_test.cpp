// Effects: values of a step in each direction, and that each direction learns.
#include "systems/effects.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "evaluation/journal.h"
#include "support/effects_run.h"
#include "support/errors.h"
#include "training/train.h"

namespace nr {
namespace {

using testing::HasSubstr;

struct Step {
  EffectsRun run;
  EffectsSystem system;
  Batch batch;
  Values values;

  explicit Step(const std::string& name) : run(name), system(run.config) {
    const DataNeeds needs = system.needs();
    const Dataset dataset(needs.data, needs.descriptors);
    LoaderConfig loading;
    loading.batch = 8, loading.latent_hop = needs.hop, loading.whole = true;
    Loader loader(dataset, Split::kTrain, {}, loading);
    system.begin(loader);
    system.set_mode({});
    batch = loader.batch(0);
    Random random(1);
    system.produce(batch, random, values);
  }
};

TEST(EffectsSystem, EncodesAndDecodesWhatItsDirectionSays) {
  Step transfer("transfer"), topology("topology"), matching("matching");
  for (Step* step : {&transfer, &topology, &matching}) {
    const auto dry = step->values["dry.mel"], wet = step->values["wet.mel"];
    EXPECT_GT((wet - dry).abs().max().item<float>(), 0.1);
    EXPECT_TRUE(step->values["target.mel"].narrow(0, 0, 8).equal(step == &topology ? dry : wet));
    EXPECT_TRUE(step->values["encoded.mel"].narrow(0, 0, 8).equal(step == &matching ? wet : dry));
    EXPECT_EQ(step->values["decoded.mel"].sizes(), step->values["target.mel"].sizes());
    EXPECT_EQ(step->values["target.mel"].size(0), step == &matching ? 8 : 16);
    EXPECT_EQ(step->values["effect"].size(1), 2 + 2) << "two effects, two knobs";
  }
  EXPECT_EQ(topology.values["shift"].sizes(), (at::IntArrayRef{8, 32}));
  EXPECT_EQ(topology.values["shift.asked"].sizes(), (at::IntArrayRef{8, 8}));
  const auto change = topology.system.wet_of(topology.values["dry.mel"], topology.batch.parameters,
                                             topology.batch.parameter_mask) -
                      topology.values["dry.mel"];
  const auto of_decoded = topology.values["moved.mel"] - topology.values["decoded.mel"].narrow(0, 0, 8);
  EXPECT_TRUE(change.allclose(of_decoded, 1e-4, 1e-5))
      << "the sound changes as what is decoded of it does";
  EXPECT_EQ(matching.values["inferred.positions"].size(1), 3);
}

TEST(EffectsSystem, PutsAnEffectOnAndTakesItOffWhereItsDirectionCan) {
  Step transfer("transfer"), topology("topology"), matching("matching");
  for (Step* step : {&transfer, &topology, &matching}) {
    const auto &dry = step->values["dry.mel"], &given = step->batch.parameters, &mask = step->batch.parameter_mask;
    const auto wet = step->system.wet_of(dry, given, mask), back = step->system.dry_of(dry, given, mask);
    EXPECT_EQ(wet.defined(), step != &matching);
    EXPECT_EQ(back.defined(), step != &matching);
    EXPECT_EQ(step->system.reconstruct(dry).defined(), step != &transfer);
    EXPECT_EQ(step->system.infer(dry, 1).defined(), step == &matching);
  }
  const auto& dry = topology.values["dry.mel"];
  const auto none = torch::zeros_like(topology.batch.parameter_mask);
  EXPECT_TRUE(topology.system.wet_of(dry, topology.batch.parameters, none)
                  .allclose(dry, 1e-4, 1e-5))
      << "the map of no effect moves nothing";
}

// First and last of a curve.
std::pair<double, double> course(const EffectsRun& run, const std::string& name) {
  train(run.config, run.folder / "run");
  for (const JournalCurve& curve : read_journal(run.folder / "run/journal.jsonl"))
    if (curve.name == name) return {curve.values.front(), curve.values.back()};
  ADD_FAILURE() << "no " << name << " in the journal";
  return {};
}

const std::vector<std::string> kShort{"training.phases.representation.steps=150", "training.validate_every=10",
                                      "training.phases.representation.optimisers.autoencoder.lr=0.005"};

TEST(EffectsSystem, LearnsWhatAnEffectDoes) {
  const auto [first, last] = course(EffectsRun("transfer", kShort), "validation/mel_mse");
  EXPECT_LT(last, 0.5 * first);
}

TEST(EffectsSystem, LearnsWhatAnEffectDoesFromFramesToo) {
  const auto [first, last] = course(EffectsRun("transfer_frames", kShort), "autoencoder/mel_mse");
  EXPECT_LT(last, 0.5 * first);
}

TEST(EffectsSystem, LearnsToInferTheEffect) {
  const auto [first, last] = course(EffectsRun("matching", kShort), "validation/parameter_error");
  EXPECT_LT(last, 0.5 * first);
}

TEST(EffectsConfig, IsRefusedWhereFieldsDoNotFit) {
  const auto error = [](const std::string& assignment, const char* name = "topology") {
    return error_of([&] { EffectsRun(name, {assignment}); });
  };
  EXPECT_THAT(error("data.pairs=false"), HasSubstr("data.pairs: false, but effects are learned from pairs"));
  EXPECT_THAT(error("data.segment=4096"), HasSubstr("data.segment: 4096 must be model.frames * model.step (2048)"));
  EXPECT_THAT(error("model.reserved=32"), HasSubstr("model.reserved: 32 must be less than model.latent_size (32)"));
  EXPECT_THAT(error("model.direction=matching"), HasSubstr("shift_outside reads shift, which needs model.direction: "));
  EXPECT_THAT(error("model.direction=topology", "transfer_frames"), HasSubstr("the part frames, which is trained"));
  EXPECT_THAT(error("seed=1", "matching_flow"), HasSubstr("must be the number of continuous parameters, 2"));
  EXPECT_THAT(error("data.effects={effects: [tanh]}"), HasSubstr("nothing is drawn that could be learned"));
  EXPECT_THAT(error("data.effects={effects: [{tnh: {drive: [1, 2]}}]}"), HasSubstr("no effect named 'tnh'"));
}

}  // namespace
}  // namespace nr
