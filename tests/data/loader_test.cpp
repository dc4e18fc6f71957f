#include "data/loader.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include <cmath>

#include "base/files.h"
#include "data/frames.h"
#include "data/prepare.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

constexpr int kHop = 1024;

struct Prepared {
  TemporaryFolder folder;
  DataConfig data;
  DescriptorConfig descriptors;

  explicit Prepared(double seconds, int count = 12) {
    write_recordings(folder / "in", count, 16000, seconds);
    data.inputs = {(folder / "in").string()};
    data.cache = (folder / "cache").string();
    data.segment = 8192;
    descriptors.names = {"rms", "centroid", "pitch"};
    descriptors.controls = {"centroid", "rms"};
    prepare(data, descriptors);
  }
  std::vector<Scale> controls(const Dataset& dataset) const {
    const auto scales = dataset.fit_scales(kHop);
    return {scales[1], scales[0]};
  }
};

LoaderConfig loading(int threads, bool augment = true) { return {4, kHop, 7, threads, augment}; }

TEST(Loader, GivesTheSameBatchesUnderAnyNumberOfThreadsAndInAnyOrder) {
  const Prepared prepared(0.9);
  const Dataset dataset(prepared.data, prepared.descriptors);
  const auto scales = prepared.controls(dataset);
  Loader none(dataset, Split::kTrain, scales, loading(0)), one(dataset, Split::kTrain, scales, loading(1)),
      four(dataset, Split::kTrain, scales, loading(4));
  const auto expect_same = [](const Batch& a, const Batch& b) {
    EXPECT_TRUE(torch::equal(a.audio, b.audio));
    EXPECT_TRUE(torch::equal(a.controls, b.controls));
    EXPECT_TRUE(torch::equal(a.classes, b.classes));
    EXPECT_TRUE(torch::equal(a.active, b.active));
  };
  for (const int64_t step : {0, 1, 2, 3, 10, 11, 4, 5, 1000, 0}) {
    const Batch expected = none.batch(step);
    expect_same(one.batch(step), expected);
    expect_same(four.batch(step), expected);
  }
  EXPECT_FALSE(torch::equal(none.batch(0).audio, none.batch(1).audio));
}

TEST(Loader, CutsCurvesWhereItCutsTheSound) {
  const Prepared prepared(3.0, 3);
  const Dataset dataset(prepared.data, prepared.descriptors);
  const auto scales = prepared.controls(dataset);
  LoaderConfig config = loading(0, false);
  config.batch = 1;
  Loader loader(dataset, Split::kTrain, scales, config);
  const std::vector<float> clip = dataset.samples(dataset.split(Split::kTrain)[0]);
  const auto curves = analyse(clip, prepared.descriptors.controls, {16000, 1024, 256});
  for (int step = 0; step < 10; ++step) {
    const Batch batch = loader.batch(step);
    const float* audio = batch.audio.data_ptr<float>();
    size_t start = 0;
    while (start + 8192 <= clip.size() && !std::equal(audio, audio + 8192, clip.begin() + start)) start += 256;
    ASSERT_LE(start + 8192, clip.size()) << "the crop is not in the clip";
    for (int control = 0; control < 2; ++control)
      for (int frame = 0; frame < 8; ++frame) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < 4; ++i) {
          const float value = curves[control][start / 256 + 4 * frame + i];
          if (!std::isnan(value)) sum += value, ++count;
        }
        ASSERT_GT(count, 0);
        const auto mean = static_cast<float>(sum / count);
        EXPECT_NEAR(batch.controls[0][control][frame].item<float>(), scales[control].normalise(mean), 1e-6);
        EXPECT_EQ(batch.classes[0][control][frame].item<int64_t>(), scales[control].class_of(mean));
      }
  }
}

TEST(Loader, FillsSegmentsWithShortClipsEndToEnd) {
  const Prepared prepared(0.2);  // 3200 samples: 3 1/8 latent frames
  const Dataset dataset(prepared.data, prepared.descriptors);
  Loader loader(dataset, Split::kTrain, prepared.controls(dataset), loading(0, false));
  for (int step = 0; step < 20; ++step) {
    const Batch batch = loader.batch(step);
    EXPECT_GT(batch.audio.ne(0).to(torch::kFloat32).mean().item<double>(), 0.6);
    EXPECT_FALSE(batch.controls.isnan().any().item<bool>());
  }
}

TEST(Loader, AugmentsBySignAndBySixteenBitNoiseOnly) {
  const Prepared prepared(0.9);
  const Dataset dataset(prepared.data, prepared.descriptors);
  const auto scales = prepared.controls(dataset);
  Loader plain(dataset, Split::kTrain, scales, loading(0, false)),
      augmented(dataset, Split::kTrain, scales, loading(0));
  int flipped = 0, items = 0;
  for (int step = 0; step < 20; ++step) {
    const Batch a = plain.batch(step), b = augmented.batch(step);
    EXPECT_TRUE(torch::equal(a.controls, b.controls));
    for (int item = 0; item < 4; ++item, ++items) {
      const double same = (a.audio[item] - b.audio[item]).abs().max().item<double>();
      const double opposite = (a.audio[item] + b.audio[item]).abs().max().item<double>();
      EXPECT_LE(std::min(same, opposite), 1.001 / 65536);
      EXPECT_GT(std::min(same, opposite), 0.9 / 65536);
      flipped += opposite < same;
    }
  }
  EXPECT_GT(flipped, items / 4);
  EXPECT_LT(flipped, 3 * items / 4);
}

// The other loader's sound is the plain one's times a gain, and its curves are those of the sound it gives.
TEST(Loader, MeasuresAgainWhatAugmentationsChange) {
  Prepared prepared(3.0, 3);
  prepared.data.augment = {{"gain", 12}};
  const Dataset dataset(prepared.data, prepared.descriptors);
  const auto scales = prepared.controls(dataset);
  LoaderConfig config = loading(0);
  config.batch = 1;
  Loader augmented(dataset, Split::kTrain, scales, config);
  config.augment = false;
  Loader plain(dataset, Split::kTrain, scales, config);
  for (int step = 0; step < 10; ++step) {
    const Batch a = plain.batch(step), b = augmented.batch(step);
    const double gain = (b.audio.abs().sum() / a.audio.abs().sum()).item<double>();
    EXPECT_LT((b.audio - gain * a.audio).abs().max().item<double>(), 1e-4);
    for (int frame = 0; frame < 8; ++frame) {
      const double before = scales[1].physical(a.controls[0][1][frame].item<float>()),
                   after = scales[1].physical(b.controls[0][1][frame].item<float>());
      const float asked = scales[1].normalise(static_cast<float>(before * gain));
      if (std::abs(asked) < 0.99f && std::abs(a.controls[0][1][frame].item<float>()) < 0.99f) {
        EXPECT_NEAR(after / (before * gain), 1, 1e-3) << frame;
      }
      EXPECT_NEAR(b.controls[0][0][frame].item<float>(), a.controls[0][0][frame].item<float>(), 1e-3);
    }
  }
}

TEST(Loader, PutsEffectsOnTrainingCropsAndMeasuresWhatComesOut) {
  Prepared prepared(3.0, 6);
  const Dataset dry(prepared.data, prepared.descriptors);
  const auto scales = prepared.controls(dry);
  config::Value chain = config::parse_text(
      "level: none\neffects: [{gain: {gain: [-20, -10]}}, {low_pass: {cutoff: 300}}]");
  prepared.data.augment = {};
  prepared.data.effects.read(chain, "data.effects");
  const Dataset wet(prepared.data, prepared.descriptors);
  Loader before(dry, Split::kTrain, scales, loading(0, false)), with(wet, Split::kTrain, scales, loading(0)),
      again(wet, Split::kTrain, scales, loading(2)), validation(wet, Split::kTrain, scales, loading(0, false));
  for (int step = 0; step < 3; ++step) {
    const Batch a = before.batch(step), b = with.batch(step);
    EXPECT_TRUE(torch::equal(validation.batch(step).audio, a.audio));
    EXPECT_TRUE(torch::equal(again.batch(step).audio, b.audio));
    const auto centroid = [](const Batch& batch) {
      return ((batch.controls.select(1, 0) * batch.active).sum() / batch.active.sum()).item<float>();
    };
    EXPECT_LT(centroid(b), centroid(a));
    EXPECT_LT(b.audio.pow(2).mean().item<float>(), 0.15f * a.audio.pow(2).mean().item<float>());
    EXPECT_GT(b.audio.abs().max().item<float>(), 0);
  }
}

TEST(Loader, ShiftsPitchWithoutRunningOutOfSound) {
  for (const double seconds : {3.0, 0.2}) {
    Prepared prepared(seconds);
    prepared.data.augment = {{"pitch_shift", 12}};
    const Dataset dataset(prepared.data, prepared.descriptors);
    Loader loader(dataset, Split::kTrain, prepared.controls(dataset), loading(0));
    for (int step = 0; step < 10; ++step) {
      const Batch batch = loader.batch(step);
      EXPECT_EQ(batch.audio.size(2), 8192);
      // Short clips leave less than a latent frame between them, which playing slower may stretch.
      const auto sounding =
          batch.audio.view({-1, 8, 1024}).abs().amax(2).gt(1e-4).to(torch::kFloat32).mean().item<double>();
      EXPECT_GE(sounding, seconds > 1 ? 1 : 0.75) << "share of latent frames that sound at step " << step;
      EXPECT_FALSE(batch.controls.isnan().any().item<bool>());
    }
  }
}

TEST(Loader, DrawsEveryValueOfABalancedLabelAsOften) {
  TemporaryFolder folder;
  std::string manifest = "path,kind\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = std::to_string(i) + ".wav";
    std::vector<float> tone = swelling_tone(i, 16000, 16000);
    const bool rare = i >= 10;
    if (rare) for (float& x : tone) x = std::abs(x);  // told apart by its mean
    write_wav(folder / "in" / name, tone, 16000);
    manifest += name + (rare ? ",rare\n" : ",common\n");
  }
  write_file(folder / "in/manifest.csv", manifest);
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  data.segment = 8192;
  data.validation = data.test = 0;
  data.augment = {};
  data.balance = "kind";
  DescriptorConfig descriptors;
  descriptors.names = {"rms"};
  prepare(data, descriptors);
  const Dataset dataset(data, descriptors);
  LoaderConfig config = loading(0);
  config.batch = 400;
  const auto share_of_rare = [&](const Dataset& drawn) {
    const Batch batch = Loader(drawn, Split::kTrain, {}, config).batch(0);
    return batch.audio.mean(2).gt(0.005).to(torch::kFloat32).mean().item<double>();
  };
  EXPECT_NEAR(share_of_rare(dataset), 0.5, 0.08);
  data.balance = "";
  const Dataset plain(data, descriptors);
  EXPECT_NEAR(share_of_rare(plain), 2 / 12.0, 0.08);
}

TEST(Loader, KnowsWhereAClipSounds) {
  TemporaryFolder folder;
  std::vector<float> signal(16384, 0.f);
  const std::vector<float> tone = sine(500, 16000, 8192, 0.5);
  std::copy(tone.begin(), tone.end(), signal.begin());
  write_wav(folder / "in/half.wav", signal, 16000);
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  DescriptorConfig descriptors;
  descriptors.names = {"centroid"};
  prepare(data, descriptors);
  const Dataset dataset(data, descriptors);
  const Scale scale{"centroid", 5, 12, {8, 9, 10}};
  const Batch batch = whole_clip(dataset, 0, {scale}, kHop);
  ASSERT_EQ(batch.active.sizes(), (std::vector<int64_t>{1, 16}));
  for (int frame = 0; frame < 16; ++frame) EXPECT_EQ(batch.active[0][frame].item<float>(), frame < 8 ? 1 : 0) << frame;
  EXPECT_FALSE(batch.controls.isnan().any().item<bool>());  // silence is given the nearest sound's value
  EXPECT_NEAR(scale.physical(batch.controls[0][0][3].item<float>()), 500, 30);
}

TEST(Loader, PadsAWholeClipToALatentFrame) {
  const Prepared prepared(0.2, 3);
  const Dataset dataset(prepared.data, prepared.descriptors);
  const Batch batch = whole_clip(dataset, 1, prepared.controls(dataset), kHop);
  EXPECT_EQ(batch.audio.sizes(), (std::vector<int64_t>{1, 1, 4096}));
  EXPECT_EQ(batch.classes.sizes(), (std::vector<int64_t>{1, 2, 4}));
  EXPECT_EQ(batch.audio.slice(2, 3200).abs().max().item<float>(), 0);
  EXPECT_FALSE(whole_clip(dataset, 1, {}, kHop).controls.defined());
}

TEST(Margin, HoldsWhatTheLongestMeasurementLooksInto) {
  EXPECT_EQ(margin({"rms", "centroid"}, {16000, 1024, 256}, 1024), 1024);
  EXPECT_EQ(margin({"rms"}, {16000, 1025, 256}, 1024), 2048);
  EXPECT_EQ(margin({"rms", "loudness"}, {16000, 1024, 256}, 1024), 7168);  // 0.4 s: 6400
}

TEST(Dataset, FitsScalesOnTheTrainingSplitOnly) {
  const Prepared prepared(0.9);
  const Dataset dataset(prepared.data, prepared.descriptors);
  std::vector<float> values;
  for (const int clip : dataset.split(Split::kTrain)) {
    const Batch whole = whole_clip(dataset, clip, {}, kHop);
    const auto rms = average(analyse(dataset.samples(clip), {"rms"}, {16000, 1024, 256})[0], 4);
    for (size_t frame = 0; frame < rms.size(); ++frame)
      if (whole.active[0][static_cast<int64_t>(frame)].item<float>() > 0) values.push_back(rms[frame]);
  }
  const Scale expected = fit_scale("rms", values, 16), found = dataset.fit_scales(kHop)[0];
  EXPECT_EQ(found.low, expected.low);
  EXPECT_EQ(found.high, expected.high);
  EXPECT_EQ(found.edges, expected.edges);
  const Scale fixed = dataset.fit_scales(kHop, {{"rms", {0.001, 0.5}}})[0];
  EXPECT_NEAR(fixed.low, -60, 1e-6);
  EXPECT_NEAR(fixed.high, 20 * std::log10(0.5), 1e-6);
  EXPECT_EQ(fixed.edges, expected.edges);
  const Scale half = dataset.fit_scales(kHop, {{"rms", {0.001, {}}}})[0];
  EXPECT_NEAR(half.low, -60, 1e-6);
  EXPECT_EQ(half.high, expected.high);
  EXPECT_THAT(error_of([&] { dataset.fit_scales(1000); }),
              testing::HasSubstr("descriptors.hop is 256 samples: it must divide the model's hop of 1000"));
}

}  // namespace
}  // namespace nr
