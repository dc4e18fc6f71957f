// What a batch carries beside sound and controls.
#include <gmock/gmock.h>
#include <torch/types.h>

#include <cmath>

#include "base/files.h"
#include "data/loader.h"
#include "data/prepare.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::ElementsAre;

constexpr int kNoteHop = 1024;

// Tones at constant levels 0.05, 0.1 ... 0.5, so that an example tells of which clip its samples are. Levels up to 0.25
// are of style "soft", even clips of "even"; the cutoff of clip i is 100 i, and clip 3 has none.
struct Labelled {
  TemporaryFolder folder;
  DataConfig data;
  DescriptorConfig descriptors;

  explicit Labelled(int samples) {
    std::string manifest = "path,style,parity,cutoff,level\n";
    for (int i = 0; i < 10; ++i) {
      const std::string name = std::to_string(i) + ".wav";
      write_wav(folder / "in" / name, std::vector<float>(samples, level(i)), 16000);
      manifest += name + (i < 5 ? ",soft" : ",loud") + (i % 2 ? ",odd," : ",even,");
      manifest += (i == 3 ? "" : std::to_string(100 * i)) + "," + std::to_string(i) + "\n";
    }
    write_file(folder / "in/manifest.csv", manifest);
    data.inputs = {(folder / "in").string()};
    data.cache = (folder / "cache").string();
    data.segment = 8192;
    data.validation = data.test = 0;
    data.labels = {"style", "parity"};
    data.parameters = {"cutoff", "level"};
    data.augment = {};
    descriptors.names = {"rms"};
    prepare(data, descriptors);
  }
  static float level(int clip) { return 0.05f * static_cast<float>(clip + 1); }
  static int clip_at(float sample) { return static_cast<int>(std::lround(sample / 0.05f)) - 1; }
};

LoaderConfig loader_config(bool whole = false) {
  LoaderConfig config;
  config.batch = 16;
  config.latent_hop = kNoteHop;
  config.threads = 0;
  config.whole = whole;
  return config;
}

TEST(Examples, OfOneClipHaveItsClasses) {
  const Labelled labelled(20000);
  const Dataset dataset(labelled.data, labelled.descriptors);
  EXPECT_THAT(dataset.label_groups()[0].classes, ElementsAre("loud", "soft"));
  EXPECT_THAT(dataset.label_groups()[1].classes, ElementsAre("even", "odd"));
  const Batch batch = Loader(dataset, Split::kTrain, {}, loader_config()).batch(0);
  ASSERT_EQ(batch.labels.size(), 2u);
  ASSERT_EQ(batch.labels.at("style").sizes(), (std::vector<int64_t>{16, 2}));
  for (int item = 0; item < 16; ++item) {
    const int clip = Labelled::clip_at(batch.audio[item][0][4000].item<float>());
    EXPECT_EQ(batch.labels.at("style")[item][1].item<float>(), clip < 5 ? 1 : 0);
    EXPECT_EQ(batch.labels.at("style")[item][0].item<float>(), clip < 5 ? 0 : 1);
    EXPECT_EQ(batch.labels.at("parity")[item][1].item<float>(), clip % 2);
  }
}

// The samples tell how much of the crop is of which class.
TEST(Examples, ThatJoinClipsHaveTheShareOfEachClass) {
  const Labelled labelled(2500);
  const Dataset dataset(labelled.data, labelled.descriptors);
  Loader loader(dataset, Split::kTrain, {}, loader_config());
  int mixed = 0;
  for (int step = 0; step < 4; ++step) {
    const Batch batch = loader.batch(step);
    const torch::Tensor sounds = batch.audio.gt(0.01).to(torch::kFloat).sum({1, 2});
    const torch::Tensor soft = (batch.audio.gt(0.01) * batch.audio.lt(0.27)).to(torch::kFloat).sum({1, 2});
    const torch::Tensor& style = batch.labels.at("style");
    EXPECT_TRUE(torch::allclose(style.select(1, 1), soft / sounds, 0, 1e-5)) << style << soft / sounds;
    EXPECT_TRUE(torch::allclose(style.sum(1), torch::ones({16}), 0, 1e-5));
    mixed += (style.gt(0.01) * style.lt(0.99)).any(1).sum().item<int>();
  }
  EXPECT_GT(mixed, 30);
}

TEST(Examples, ThatJoinClipsAndAreShiftedHaveTheShareOfEachClass) {
  Labelled labelled(2500);
  labelled.data.augment = {{"pitch_shift", 12}};
  const Dataset dataset(labelled.data, labelled.descriptors);
  Loader loader(dataset, Split::kTrain, {}, loader_config());
  for (int step = 0; step < 4; ++step) {
    const Batch batch = loader.batch(step);
    const torch::Tensor sounds = batch.audio.gt(0.02).to(torch::kFloat).sum({1, 2});
    const torch::Tensor soft = (batch.audio.gt(0.02) * batch.audio.lt(0.275)).to(torch::kFloat).sum({1, 2});
    const torch::Tensor& style = batch.labels.at("style");
    EXPECT_TRUE(torch::allclose(style.select(1, 1), soft / sounds, 0, 0.03)) << style << soft / sounds;
    EXPECT_TRUE(torch::allclose(style.sum(1), torch::ones({16}), 0, 1e-5));
  }
}

TEST(Examples, OfOneClipHaveItsParametersAndAMask) {
  const Labelled labelled(20000);
  const Dataset dataset(labelled.data, labelled.descriptors);
  EXPECT_THAT(dataset.parameters(), ElementsAre("cutoff", "level"));
  Loader loader(dataset, Split::kTrain, {}, loader_config());
  int unknown = 0;
  for (int step = 0; step < 4; ++step) {
    const Batch batch = loader.batch(step);
    for (int item = 0; item < 16; ++item) {
      const int clip = Labelled::clip_at(batch.audio[item][0][4000].item<float>());
      EXPECT_EQ(batch.parameters[item][0].item<float>(), clip == 3 ? 0 : 100 * clip);
      EXPECT_EQ(batch.parameters[item][1].item<float>(), clip);
      EXPECT_EQ(batch.parameter_mask[item][0].item<float>(), clip == 3 ? 0 : 1);
      EXPECT_EQ(batch.parameter_mask[item][1].item<float>(), 1);
      unknown += clip == 3;
    }
  }
  EXPECT_GT(unknown, 0);
}

TEST(Examples, ThatJoinClipsHaveNoParameters) {
  const Labelled labelled(2500);
  const Dataset dataset(labelled.data, labelled.descriptors);
  const Batch batch = Loader(dataset, Split::kTrain, {}, loader_config()).batch(0);
  for (int item = 0; item < 16; ++item) {
    const torch::Tensor loud = batch.audio[item].masked_select(batch.audio[item].gt(0.01));
    const bool one = (loud.max() - loud.min()).item<float>() < 0.01;
    EXPECT_EQ(batch.parameter_mask[item][1].item<float>(), one ? 1 : 0);
    if (!one) {
      EXPECT_EQ(batch.parameters[item].abs().sum().item<float>(), 0);
    }
  }
}

TEST(Examples, OfWholeClipsBeginAtTheirStartAndJoinNothing) {
  for (const int samples : {2500, 20000}) {
    const Labelled labelled(samples);
    const Dataset dataset(labelled.data, labelled.descriptors);
    const Batch batch = Loader(dataset, Split::kTrain, dataset.fit_scales(kNoteHop), loader_config(true)).batch(0);
    for (int item = 0; item < 16; ++item) {
      const torch::Tensor audio = batch.audio[item][0];
      const int clip = Labelled::clip_at(audio[0].item<float>());
      const int64_t end = std::min(samples, 8192);
      EXPECT_TRUE(torch::allclose(audio.slice(0, 0, end), torch::full({end}, Labelled::level(clip)), 0, 1e-4));
      EXPECT_EQ(audio.slice(0, end).abs().sum().item<float>(), 0);
      const auto frames = batch.active[item].sum().item<float>();  // the last is half padding
      EXPECT_EQ(frames, samples == 2500 ? 3 : 8);
      EXPECT_EQ(batch.parameters[item][1].item<float>(), clip);
      EXPECT_EQ(batch.labels.at("parity")[item][clip % 2].item<float>(), 1);
    }
    EXPECT_FALSE(batch.controls.isnan().any().item<bool>());
  }
}

TEST(Examples, OfWholeClipsBeginAtTheirStartAtAnyPitch) {
  Labelled labelled(6000);
  labelled.data.augment = {{"pitch_shift", 12}};
  const Dataset dataset(labelled.data, labelled.descriptors);
  Loader loader(dataset, Split::kTrain, {}, loader_config(true));
  EXPECT_THAT(loader.draws(), ElementsAre("pitch_shift.semitones"));
  const Batch batch = loader.batch(0);
  for (int item = 0; item < 16; ++item) {
    const torch::Tensor audio = batch.audio[item][0];
    const auto sounding = audio.gt(0.5 * audio.slice(0, 100, 2000).mean().item<float>()).nonzero();
    EXPECT_LE(sounding.min().item<int64_t>(), 4) << "the start at item " << item;
    const double length = 6000 / std::exp2(batch.draws[item][0].item<float>() / 12);
    EXPECT_NEAR(sounding.max().item<double>(), std::min(8191.0, length), 8) << "the end at item " << item;
  }
}

TEST(Examples, OfWholeClipsDrawEveryValueOfABalancedLabelAsOften) {
  Labelled labelled(2500);
  write_file(labelled.folder / "in/manifest.csv", "path,kind\n0.wav,rare\n" + [] {
    std::string rows;
    for (int i = 1; i < 10; ++i) rows += std::to_string(i) + ".wav,common\n";
    return rows;
  }());
  labelled.data.labels = {"kind"};
  labelled.data.parameters = {};
  labelled.data.balance = "kind";
  prepare(labelled.data, labelled.descriptors);
  const Dataset dataset(labelled.data, labelled.descriptors);
  LoaderConfig config = loader_config(true);
  config.batch = 400;
  const Batch batch = Loader(dataset, Split::kTrain, {}, config).batch(0);
  EXPECT_NEAR(batch.labels.at("kind").select(1, 1).mean().item<double>(), 0.5, 0.08);
}

TEST(Examples, CarryWhatTheAugmentationsDrew) {
  Labelled labelled(20000);
  labelled.data.augment = {{"polarity", 0.5}, {"gain", 6}, {"mute", 0}};
  const Dataset dataset(labelled.data, labelled.descriptors);
  Loader loader(dataset, Split::kTrain, {}, loader_config());
  EXPECT_THAT(loader.draws(), ElementsAre("gain.decibels", "polarity.sign"));
  const Batch batch = loader.batch(0);
  ASSERT_EQ(batch.draws.sizes(), (std::vector<int64_t>{16, 2}));
  int flipped = 0;
  for (int item = 0; item < 16; ++item) {
    const double decibels = batch.draws[item][0].item<double>(), sign = batch.draws[item][1].item<double>();
    const auto clip = static_cast<int>(batch.parameters[item][1].item<float>());
    const double expected = sign * std::pow(10, decibels / 20) * Labelled::level(clip);
    EXPECT_NEAR(batch.audio[item][0][4000].item<double>(), expected, 1e-4);
    flipped += sign < 0;
  }
  EXPECT_GT(flipped, 3);
  EXPECT_LT(flipped, 13);
  LoaderConfig plain = loader_config();
  plain.augment = false;
  EXPECT_FALSE(Loader(dataset, Split::kTrain, {}, plain).batch(0).draws.defined());
}

TEST(Examples, ThatAskForNothingMoreCarryNothingMore) {
  Labelled labelled(20000);
  labelled.data.labels = labelled.data.parameters = {};
  const Dataset dataset(labelled.data, labelled.descriptors);
  const Batch batch = Loader(dataset, Split::kTrain, {}, loader_config()).batch(0);
  EXPECT_TRUE(batch.labels.empty());
  EXPECT_FALSE(batch.parameters.defined() || batch.parameter_mask.defined() || batch.wet.defined() ||
               batch.draws.defined());
}

TEST(Examples, OfAWholeClipUnderTestCarryTheSame) {
  const Labelled labelled(2500);
  const Dataset dataset(labelled.data, labelled.descriptors);
  const Batch batch = whole_clip(dataset, 3, {}, kNoteHop);
  EXPECT_EQ(batch.labels.at("style")[0][1].item<float>(), 1);
  EXPECT_EQ(batch.labels.at("parity")[0][1].item<float>(), 1);
  EXPECT_EQ(batch.parameters[0][1].item<float>(), 3);
  EXPECT_EQ(batch.parameter_mask[0][0].item<float>(), 0);
}

TEST(Examples, MoveToADeviceWhole) {
  const torch::Tensor x = torch::ones({1, 2, 3});
  const Batch batch{x, x, x, x, {{"a", x}, {"b", x}}, x, x, x, x, x, x};
  const Batch moved = to_device(batch, torch::kMeta);
  for (const torch::Tensor& each :
       {moved.audio, moved.controls, moved.classes, moved.active, moved.labels.at("a"), moved.labels.at("b"),
        moved.parameters, moved.parameter_mask, moved.tags, moved.wet, moved.gain, moved.draws})
    EXPECT_TRUE(each.is_meta());
  EXPECT_FALSE(to_device(Batch{}, torch::kMeta).audio.defined());
}

TEST(Examples, NeedALabelAndANumberOfEveryClip) {
  Labelled labelled(2500);
  const auto error = [&] { return error_of([&] { Dataset dataset(labelled.data, labelled.descriptors); }); };
  labelled.data.labels = {"stile"};
  EXPECT_EQ(error(), "data.labels: no recording has a label 'stile' (did you mean 'style'?)");
  labelled.data.labels = {"cutoff"};
  EXPECT_EQ(error(), "data.labels: " + (labelled.folder / "in/3.wav").string() + " has no label 'cutoff'");
  labelled.data.labels = {"folder"};
  labelled.data.parameters = {"style"};
  EXPECT_EQ(error(), "data.parameters: " + (labelled.folder / "in/0.wav").string() +
                         ": 'style' is 'soft', expected a number or an empty cell");
  labelled.data.parameters = {"resonance"};
  EXPECT_EQ(error_of([&] { prepare(labelled.data, labelled.descriptors); }),
            "data.parameters: no recording has a label 'resonance' (there are: cutoff, folder, level, parity, style)");
}

}  // namespace
}  // namespace nr
