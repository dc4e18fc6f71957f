// A small model that streams learns an effect's knobs, is evaluated beside the true effect, and ships.
#include "evaluation/knobs.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "data/loader.h"
#include "data/prepare.h"
#include "deploy/deploy.h"
#include "effects/knobs.h"
#include "evaluation/harmonic_distortion.h"
#include "nn/checkpoint.h"
#include "program/file.h"
#include "support/errors.h"
#include "support/note_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

config::Value small_knob(const TemporaryFolder& folder) {
  write_notes(folder / "notes", 60, 63);
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/effects/knob.yaml");
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"device", "cpu"},
           {"data.inputs", "[" + (folder / "notes").string() + "]"},
           {"data.cache", folder / "cache"},
           {"data.sample_rate", "8000"},
           {"data.segment", "1024"},
           {"data.test", "0.3"},
           {"data.validation", "0.2"},
           {"data.effects",
            "{level: none, effects: [{one_of: [{tanh: {drive: [0, 36]}}, {wavefold: {drive: [0, 36]}}]}]}"},
           {"descriptors.window", "256"},
           {"model.widths", "[8, 8, 8]"},
           {"model.latent_size", "16"},
           {"training.stft_sizes", "[256, 64]"},
           {"training.validate_every", "400"},
           {"training.checkpoint_every", "400"},
           {"training.phases.representation.steps", "500"},
           {"training.phases.representation.optimisers.autoencoder.lr", "0.002"}})
    config::set(root, key, yaml);
  return root;
}

TEST(Knob, IsTheControlOfWhatWasDrawn) {
  const TemporaryFolder folder;
  const RunConfig config = read_run_config(small_knob(folder));
  prepare(config.data, config.descriptors);
  const Dataset data(config.data, config.descriptors);
  const Knobs knobs(config.data.effects, config.descriptors.classes);
  Loader loader(data, Split::kTrain, knobs.scales(), {4, 32, 1});
  const Batch batch = loader.batch(0);
  ASSERT_THAT(batch.controls.sizes(), ElementsAre(4, 2, 32));
  EXPECT_EQ(batch.classes.sizes(), batch.controls.sizes());
  for (int64_t i = 0; i < 4; ++i) {
    const auto at = batch.controls[i].select(1, 0).contiguous();
    EXPECT_TRUE(batch.controls[i].equal(at.unsqueeze(1).expand({2, 32}))) << "a knob stays while a crop sounds";
    const auto dry = batch.audio[i][0].contiguous();
    const WetSound wet = apply(knobs.links(at.data_ptr<float>()), {dry.data_ptr<float>(), dry.data_ptr<float>() + 1024},
                               8000, config.data.effects.level);
    EXPECT_LT((batch.wet[i][0] - torch::tensor(wet.samples)).abs().max().item<float>(), 1e-4)
        << "the effect at these knobs makes this wet sound";
  }
}

TEST(Knob, RefusesControlsThatAreNone) {
  const TemporaryFolder folder;
  config::Value root = small_knob(folder);
  config::set(root, "descriptors.controls", "[drive]");
  EXPECT_THAT(error_of([&] { read_run_config(root); }),
              HasSubstr("descriptors.controls: with data.pairs these are the knobs of data.effects: expected effect, "
                        "drive, found drive"));
  config::set(root, "data.pairs", "false");
  config::set(root, "descriptors.controls", "[centriod]");
  EXPECT_THAT(error_of([&] { read_run_config(root); }),
              HasSubstr("descriptors.controls: unknown descriptor 'centriod' (did you mean 'centroid'?)"));
}

TEST(Knob, IsLearnedEvaluatedAndShipped) {
  const TemporaryFolder folder;
  RunConfig config = read_run_config(small_knob(folder));
  prepare(config.data, config.descriptors);
  train(config, folder / "run");
  config.training.phases[0].second.steps = 1;
  train(config, folder / "begun");
  EXPECT_TRUE(has_knobs(folder / "run"));

  EvaluationConfig evaluation;
  evaluation.clips = 4, evaluation.draws = 2, evaluation.examples = 1, evaluation.bootstrap = 100;
  const std::vector<RunResult> rows = evaluate({folder / "run", folder / "begun"}, evaluation);
  ASSERT_EQ(rows.size(), 5);
  const auto mean = [&](size_t row, const char* metric, const char* part) {
    return rows[row].find(metric, part)->summary.mean;
  };
  EXPECT_EQ(rows[2].facts.run, "true effect");
  EXPECT_EQ(mean(2, "knob_mss", ""), 0);
  EXPECT_GT(mean(2, "knob_thd", "drive of tanh"), 0.95) << "more drive, more harmonics";
  EXPECT_EQ(mean(2, "knob_thd_error", "drive of tanh"), 0);
  EXPECT_NEAR(mean(2, "knob_centroid", "drive of wavefold"), 1, 1e-9);
  const auto best = [&](const char* run) {  // the lowest validation loss
    return std::stod(text_of(read_checkpoint(find_checkpoint(folder / run)), "best"));
  };
  EXPECT_LT(best("run"), 0.7 * best("begun")) << "500 steps, one step";
  EXPECT_TRUE(std::isnan(mean(3, "knob_thd", "drive of tanh"))) << "what ignores a knob does not follow it";
  EXPECT_THAT(read_file(folder / "run/evaluation/report.html"), HasSubstr("Each knob from end to end"));

  ExportConfig shipped;
  shipped.run = folder / "run", shipped.output = folder / "knob.nrp", shipped.target = "program";
  shipped.part = "whole";
  shipped.seconds = 1, shipped.loop_seconds = 0.5;
  const ExportReport report = export_model(shipped);
  EXPECT_GT(report.float_snr_db, 60);
  const ProgramFile file(read_file(shipped.output, 1 << 24), "knob.nrp");
  ASSERT_EQ(file.model().n_controls, 2);
  EXPECT_STREQ(file.model().controls[1].name, "drive");
  EXPECT_STREQ(file.model().controls[1].unit, "dB");
  EXPECT_EQ(file.model().controls[1].high, 36);
}

std::vector<float> partials(const std::vector<double>& amplitudes) {
  std::vector<float> out(16000);
  for (size_t i = 0; i < out.size(); ++i)
    for (size_t k = 0; k < amplitudes.size(); ++k)
      out[i] += float(amplitudes[k] * std::sin(2 * M_PI * 220.7 * double(k + 1) * double(i) / 16000));
  return out;
}

TEST(HarmonicDistortion, IsThatOfItsPartials) {
  EXPECT_NEAR(harmonic_distortion(partials({0.5, 0.03, 0.04}), 16000, 220), 0.1, 0.002) << "0.05 of 0.5";
  EXPECT_LT(harmonic_distortion(partials({0.5}), 16000, 220), 0.002);
  EXPECT_TRUE(std::isnan(harmonic_distortion(std::vector<float>(16000), 16000, 220)));
  EXPECT_NEAR(note_pitch(partials({0.5, 0.1}), 16000), 220.7, 1);
  EXPECT_TRUE(std::isnan(note_pitch(std::vector<float>(16000), 16000)));
}

}  // namespace
}  // namespace nr
