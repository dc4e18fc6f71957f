#include "generation/infer.h"

#include <gmock/gmock.h>

#include <cmath>

#include "audio/clip.h"
#include "base/files.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/synthesizer_run.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

using testing::HasSubstr;

TEST(Infer, WritesAPresetThatTheSynthesizerReadsAndItsNote) {
  const TemporaryFolder folder;
  train_small(folder, "cnn.yaml");
  const std::string recording = folder / "set/sampled/000003.wav";
  InferConfig config;
  config.run = folder / "run", config.recording = recording, config.out = folder / "mine.yaml";
  config.wav = folder / "mine.wav", config.held = 0.35, config.seconds = 0.5;
  const InferReport report = infer(config);
  ASSERT_EQ(report.parameters.size(), 2u);
  EXPECT_EQ(report.parameters[0].first, "filter_cutoff");
  EXPECT_THAT(report.parameters[0].second, HasSubstr(" Hz"));
  EXPECT_GT(report.mss, 0);
  const SynthParameters& table = subtractive_fm_parameters();
  const Preset preset = read_preset(config.out, "subtractive_fm", table);
  const auto note = SubtractiveFm().play(preset.values, {60, 127, 0.35, 0.5, 8000}, 1);
  const Clip written = read_clip(config.wav);
  ASSERT_EQ(written.samples.size(), note.size());
  for (size_t i = 0; i < note.size(); i += 97) EXPECT_NEAR(written.samples[i], note[i], 1e-4);
}

TEST(Infer, KeepsTheNearestOfItsDraws) {
  const TemporaryFolder folder;
  train_small(folder, "flow_matching.yaml");
  InferConfig config;
  config.run = folder / "run", config.recording = folder / "set/sampled/000003.wav", config.out = folder / "one.yaml";
  config.held = 0.35, config.seconds = 0.5;
  const double one = infer(config).mss;
  config.candidates = 6;
  EXPECT_LT(infer(config).mss, one);
}

TEST(Infer, ComesNearerBySearch) {
  const TemporaryFolder folder;
  train_small(folder, "cnn.yaml");
  InferConfig config;
  config.run = folder / "run", config.recording = folder / "set/sampled/000003.wav", config.out = folder / "one.yaml";
  config.held = 0.35, config.seconds = 0.5;
  const double answer = infer(config).mss;
  config.renders = 30;
  EXPECT_LT(infer(config).mss, answer);
}

TEST(Infer, RefusesWhatItCannotDo) {
  const TemporaryFolder folder;
  train_small(folder, "cnn.yaml");
  InferConfig config;
  config.run = folder / "run", config.recording = folder / "none.wav", config.out = folder / "mine.yaml";
  EXPECT_THAT(error_of([&] { infer(config); }), HasSubstr("none.wav"));
  config.out = folder / "mine.bank";
  EXPECT_THAT(error_of([&] { infer(config); }), HasSubstr("a bank is amsynth's, but the run infers subtractive_fm"));
  config.out = folder / "mine.lv2";
  EXPECT_THAT(error_of([&] { infer(config); }), HasSubstr("is an LV2 plug-in's, but the run infers subtractive_fm"));
}

}  // namespace
}  // namespace nr
