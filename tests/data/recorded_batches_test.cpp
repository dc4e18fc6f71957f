// Batches of crops, held against those that the loader gave before an example could carry more than sound and controls.
#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/hash.h"
#include "base/random.h"
#include "data/loader.h"
#include "data/prepare.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {

// Samples that every machine computes alike: whole 16-bit steps, louder in the middle.
std::vector<float> whole_steps(int key, int samples) {
  Random random(key);
  std::vector<float> out(samples);
  for (int i = 0; i < samples; ++i) {
    const int peak = 64 + std::min(i, samples - i) % 8192;
    out[i] = static_cast<float>(static_cast<int>(random.below(2 * peak)) - peak) / 32768;
  }
  return out;
}

// Of bytes, as they lie in memory.
uint64_t hashed(const torch::Tensor& values, uint64_t start) {
  return hash64({static_cast<const char*>(values.data_ptr()), values.nbytes()}, start);
}

struct Recorded {
  uint64_t sound = hash64("");  // of audio and active
  double sum = 0;               // of controls
};

Recorded record(int samples, const std::map<std::string, double>& augment) {
  TemporaryFolder folder;
  for (int i = 0; i < 9; ++i)
    write_wav(folder / "in" / (std::to_string(i) + ".wav"), whole_steps(i, samples + 100 * i), 16000);
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  data.segment = 8192;
  data.augment = augment;
  DescriptorConfig descriptors;
  descriptors.names = {"rms", "centroid"};
  prepare(data, descriptors);
  const Dataset dataset(data, descriptors);
  LoaderConfig config;
  config.batch = 4;
  config.seed = 7;
  Loader loader(dataset, Split::kTrain, dataset.fit_scales(1024), config);
  Recorded out;
  for (int step = 0; step < 5; ++step) {
    const Batch batch = loader.batch(step);
    out.sound = hashed(batch.active, hashed(batch.audio, out.sound));
    EXPECT_TRUE(batch.labels.empty());
    EXPECT_FALSE(batch.parameters.defined() || batch.parameter_mask.defined() || batch.wet.defined());
    out.sum += batch.controls.to(torch::kDouble).sum().item<double>();
  }
  return out;
}

TEST(RecordedBatches, OfLongClips) {
  const Recorded now = record(40000, {{"polarity", 0.5}, {"noise_floor", 1}});
  EXPECT_EQ(hex(now.sound), "50cef06bc24484ab");
  EXPECT_NEAR(now.sum, 90.633135, 1e-3);
}

TEST(RecordedBatches, OfShortClipsEndToEnd) {
  const Recorded now = record(2500, {{"polarity", 0.5}, {"noise_floor", 1}});
  EXPECT_EQ(hex(now.sound), "629f38e4ba550b60");
  EXPECT_NEAR(now.sum, 71.058881, 1e-3);
}

TEST(RecordedBatches, MeasuredAgain) {
  const Recorded now = record(5000, {{"gain", 6}, {"mute", 0.1}, {"noise_floor", 1}});
  EXPECT_EQ(hex(now.sound), "cfc207c654d26ab9");
  EXPECT_NEAR(now.sum, 57.098793, 1e-3);
}

TEST(RecordedBatches, OfEveryAugmentation) {
  const Recorded now = record(5000, {{"pitch_shift", 3}, {"all_pass", 0.5}, {"compression", 0.5}, {"gain", 6},
                                     {"mute", 0.1}, {"polarity", 0.5}, {"noise_floor", 1}});
  EXPECT_EQ(hex(now.sound), "9a6cc85064c58e94");
  EXPECT_NEAR(now.sum, -122.061825, 1e-3);
}

}  // namespace
}  // namespace nr
