// Dry sounds and the same sounds behind an effect.
#include <gmock/gmock.h>
#include <torch/types.h>

#include <filesystem>

#include "base/files.h"
#include "data/loader.h"
#include "data/prepare.h"
#include "data/scan.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The effect halves a sound, so that both halves of a batch can be held against each other.
struct Pairs {
  TemporaryFolder folder;
  DataConfig data;
  DescriptorConfig descriptors;

  explicit Pairs(int samples, int more = 0, int count = 6) {
    std::string manifest = "path,behind\n";
    for (int i = 0; i < count; ++i) {
      const std::string name = std::to_string(i) + ".wav";
      std::vector<float> dry = noise(samples, 0.1, i + 1);
      for (float& sample : dry) sample = std::round(sample * 16384) / 16384;  // half of it is a 16-bit step too
      std::vector<float> wet(samples + more, 0.25f);
      for (int n = 0; n < std::min(samples, samples + more); ++n) wet[n] = 0.5f * dry[n];
      write_wav(folder / "in/dry" / name, dry, 16000);
      write_wav(folder / "in/wet" / name, wet, 16000);
      manifest += "dry/" + name + ",wet/" + name + "\n";
    }
    write_file(folder / "in/manifest.csv", manifest);
    data.inputs = {(folder / "in").string()};
    data.cache = (folder / "cache").string();
    data.segment = 8192;
    data.validation = data.test = 0;
    data.augment = {};
    data.wet = "behind";
    descriptors.names = {"rms"};
  }
  Batch batch(bool whole = false) const {
    const Dataset dataset(data, descriptors);
    LoaderConfig config;
    config.batch = 8;
    config.threads = 0;
    config.whole = whole;
    return Loader(dataset, Split::kTrain, dataset.fit_scales(1024), config).batch(0);
  }
};

double furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(Pairs, AreCutAtTheSamePlace) {
  for (const int samples : {20000, 2500}) {
    const Pairs pairs(samples);
    prepare(pairs.data, pairs.descriptors);
    for (const bool whole : {false, true}) {
      const Batch batch = pairs.batch(whole);
      ASSERT_EQ(batch.wet.sizes(), batch.audio.sizes());
      EXPECT_GT(batch.wet.abs().max().item<double>(), 0.1);
      EXPECT_LT(furthest(batch.wet, 0.5 * batch.audio), 1e-6) << samples << " samples, whole: " << whole;
    }
  }
}

TEST(Pairs, AreAugmentedAlike) {
  Pairs pairs(20000);
  prepare(pairs.data, pairs.descriptors);
  const torch::Tensor dry = pairs.batch().audio;
  for (const char* name : {"polarity", "gain", "mute"}) {
    pairs.data.augment = {{name, name == std::string("gain") ? 3 : 0.5}};
    const Batch batch = pairs.batch();
    EXPECT_GT(furthest(batch.audio, dry), 0.01) << name;
    EXPECT_LT(furthest(batch.wet, 0.5 * batch.audio), 1e-6) << name;
  }
  pairs.data.augment = {{"noise_floor", 1}};
  const Batch batch = pairs.batch();
  EXPECT_GT(furthest(batch.wet, 0.5 * dry), 0.9 / 65536);
  EXPECT_LT(furthest(batch.wet, 0.5 * batch.audio), 1.0 / 65536);
}

TEST(Pairs, AreNotAugmentedByWhatWouldPartThem) {
  Pairs pairs(20000);
  prepare(pairs.data, pairs.descriptors);
  pairs.data.augment = {{"pitch_shift", 2}};
  EXPECT_THAT(error_of([&] { pairs.batch(); }), HasSubstr("data.augment.pitch_shift is 2: expected 0 with data.wet"));
  pairs.data.augment = {};
  pairs.data.effects.read(config::parse_text("effects: [tanh]"), "data.effects");
  EXPECT_THAT(error_of([&] { pairs.batch(); }), HasSubstr("data.effects: expected none with data.wet"));
}

TEST(Pairs, HaveTheLengthOfTheDrySound) {
  for (const auto& [more, said] : std::map<int, std::string>{{700, "wet version cut by 700 samples"},
                                                              {-700, "wet version padded by 700 samples"}, {0, ""}}) {
    const Pairs pairs(3000, more, 3);
    const PrepareReport report = prepare(pairs.data, pairs.descriptors);
    ASSERT_EQ(report.kept, 3);
    EXPECT_EQ(report.verdicts[0].detail, said);
    const Dataset dataset(pairs.data, pairs.descriptors);
    const std::vector<float> dry = dataset.samples(1), wet = dataset.samples(1, DryWet::kWet);
    ASSERT_EQ(wet.size(), 3000u);
    for (int i = 0; i < 3000; ++i) ASSERT_NEAR(wet[i], i < 3000 + more ? 0.5f * dry[i] : 0, 1e-6) << i;
  }
}

TEST(Pairs, AreResampledAlike) {
  const Pairs pairs(3000, 0, 3);
  for (const char* kind : {"dry", "wet"})
    write_wav(pairs.folder / "in" / kind / "0.wav", sine(440, kind == std::string("dry") ? 48000 : 22050, 24000, 0.5),
              kind == std::string("dry") ? 48000 : 22050);
  prepare(pairs.data, pairs.descriptors);
  const Dataset dataset(pairs.data, pairs.descriptors);
  const std::vector<float> dry = dataset.samples(0), wet = dataset.samples(0, DryWet::kWet);
  ASSERT_EQ(dry.size(), 8000u);
  for (int i = 200; i < 7800; ++i) ASSERT_NEAR(wet[i], dry[i], 1e-3) << i;
}

TEST(Pairs, OfLongRecordingsCrossStorageBlocks) {
  const Pairs pairs(1200000, 0, 1);
  prepare(pairs.data, pairs.descriptors);
  const Dataset dataset(pairs.data, pairs.descriptors);
  const std::vector<float> dry = dataset.samples(0), wet = dataset.samples(0, DryWet::kWet);
  for (size_t i = 0; i < dry.size(); ++i) ASSERT_NEAR(wet[i], 0.5f * dry[i], 1e-6) << i;
}

// The folder holds the wet sounds too: they are no recordings of their own.
TEST(Pairs, CountOnce) {
  const Pairs pairs(3000);
  const PrepareReport report = prepare(pairs.data, pairs.descriptors);
  EXPECT_EQ(report.kept, 6);
  EXPECT_EQ(report.skipped, 0);
  const Dataset dataset(pairs.data, pairs.descriptors);
  for (const ClipInfo& clip : dataset.clips()) EXPECT_THAT(clip.path, HasSubstr("/dry/"));
}

TEST(Pairs, WithoutAWetSoundAreSkippedWithTheReason) {
  Pairs pairs(3000, 0, 3);
  write_wav(pairs.folder / "in/dry/alone.wav", noise(3000), 16000);
  write_file(pairs.folder / "in/manifest.csv",
             "path,behind\ndry/0.wav,wet/0.wav\ndry/1.wav,wet/gone.wav\ndry/2.wav,\n");
  fs::remove(pairs.folder / "in/wet/1.wav");
  fs::remove(pairs.folder / "in/wet/2.wav");
  const PrepareReport report = prepare(pairs.data, pairs.descriptors);
  EXPECT_EQ(report.kept, 1);
  ASSERT_EQ(report.verdicts.size(), 4u);
  const std::string in = (pairs.folder / "in").string();
  EXPECT_EQ(report.verdicts[1].detail,
            "its wet version " + in + "/wet/gone.wav does not exist (named in " + in + "/manifest.csv:3)");
  EXPECT_EQ(report.verdicts[2].detail, "has no wet version (the label 'behind' is empty or absent)");
  EXPECT_EQ(report.verdicts[3].detail, "has no wet version (the label 'behind' is empty or absent)");
  pairs.data.wet = "beyond";
  EXPECT_EQ(error_of([&] { prepare(pairs.data, pairs.descriptors); }),
            "data.wet: no recording has a label 'beyond' (did you mean 'behind'?)");
}

TEST(Pairs, AreSkippedWithTheReasonWhenTheWetSoundCannotBeRead) {
  const Pairs pairs(3000, 0, 3);
  write_file(pairs.folder / "in/wet/1.wav", "");
  const PrepareReport report = prepare(pairs.data, pairs.descriptors);
  EXPECT_EQ(report.kept, 2);
  EXPECT_THAT(report.verdicts[1].detail, HasSubstr("/in/wet/1.wav: is empty (0 bytes)"));
}

TEST(Pairs, AreStoredAgainWhenTheWetSoundChanges) {
  Pairs pairs(3000, 0, 3);
  prepare(pairs.data, pairs.descriptors);
  EXPECT_EQ(prepare(pairs.data, pairs.descriptors).reused, 3);
  write_wav(pairs.folder / "in/wet/1.wav", std::vector<float>(2900, 0.25f), 16000);
  const PrepareReport changed = prepare(pairs.data, pairs.descriptors);
  EXPECT_EQ(changed.kept, 1);
  EXPECT_EQ(changed.dropped, 1);
  EXPECT_NEAR(Dataset(pairs.data, pairs.descriptors).samples(1, DryWet::kWet)[0], 0.25, 1e-4);
}

TEST(Pairs, AreAskedForByTheConfiguration) {
  Pairs pairs(3000, 0, 3);
  pairs.data.wet = "";
  EXPECT_EQ(prepare(pairs.data, pairs.descriptors).kept, 6);
  EXPECT_FALSE(pairs.batch().wet.defined());
  const Dataset dataset(pairs.data, pairs.descriptors);
  EXPECT_EQ(error_of([&] { dataset.samples(0, DryWet::kWet); }), "data.wet is empty: there is no wet sound to read");
  pairs.data.wet = "behind";
  EXPECT_THAT(error_of([&] { Dataset opened(pairs.data, pairs.descriptors); }),
              HasSubstr("wet sounds by behind]: run prepare again"));
}

}  // namespace
}  // namespace nr
