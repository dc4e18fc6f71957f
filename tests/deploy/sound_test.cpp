// What a network is calibrated on, and what it is scored with, are different recordings.
#include "deploy/sound.h"

#include <gmock/gmock.h>

#include "base/hash.h"
#include "config/writer.h"
#include "data/dataset.h"
#include "data/prepare.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

// Eight recordings of half a second, each of one constant value, so that a sample says where it is from.
class TestSounds : public testing::Test {
 protected:
  TestSounds() {
    std::filesystem::create_directories(folder_ / "audio");
    for (int i = 0; i < 8; ++i)
      write_wav(folder_ / ("audio/" + std::to_string(i) + ".wav"), std::vector<float>(4000, level(i)), 8000);
    RaveConfig rave;
    rave.bands = 4, rave.capacity = 4, rave.ratios = {2, 2}, rave.latent_size = 3, rave.attenuation_db = 60;
    trained_.model = std::make_shared<Autoencoder>(AutoencoderConfig(rave), 0);
    trained_.model->eval();
    trained_.config.data.sample_rate = 8000;
    trained_.config.descriptors.controls.clear(), trained_.config.descriptors.window = 256,
                                                  trained_.config.descriptors.hop = 16;
  }
  static float level(int i) { return 0.1f * float(i + 1); }

  void prepare_with(double validation, double test) {
    DataConfig data;
    data.inputs = {folder_ / "audio"}, data.cache = folder_ / "cache", data.sample_rate = 8000;
    data.validation = validation, data.test = test;
    prepare(data, trained_.config.descriptors);
    trained_.config.data = data;
    const Dataset dataset(data, trained_.config.descriptors);
    for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest})
      for (const int clip : dataset.split(split)) levels_[split].insert(std::lround(dataset.samples(clip)[0] * 10));
  }
  static std::set<long> levels_in(const TestSound& sound) {
    std::set<long> out;
    const torch::Tensor samples = sound.audio.flatten().contiguous();
    for (int64_t i = 0; i < samples.numel(); ++i) out.insert(std::lround(samples.data_ptr<float>()[i] * 10));
    out.erase(0);  // the padding of a clip's last frame
    return out;
  }

  TemporaryFolder folder_;
  TrainedModel trained_;
  std::map<Split, std::set<long>> levels_;
};

TEST_F(TestSounds, OfARunAreItsTrainingAndItsTestClips) {
  prepare_with(0.2, 0.3);
  ASSERT_FALSE(levels_[Split::kTest].empty());
  const Sounds sounds = test_sounds(trained_, "", 60);
  EXPECT_EQ(sounds.calibration.source, "the run's training and validation clips");
  EXPECT_EQ(sounds.scored.source, "the run's test clips");
  std::set<long> seen = levels_[Split::kTrain];
  seen.insert(levels_[Split::kValidation].begin(), levels_[Split::kValidation].end());
  EXPECT_EQ(levels_in(sounds.calibration), seen);
  EXPECT_EQ(levels_in(sounds.scored), levels_[Split::kTest]);
}

TEST_F(TestSounds, OfARunWithoutTestClipsAreTwoHalvesOfTheOthers) {
  prepare_with(0, 0);
  const Sounds sounds = test_sounds(trained_, "", 60);
  EXPECT_EQ(sounds.calibration.source, "the first half of the run's clips");
  EXPECT_EQ(sounds.scored.source, "the second half of the run's clips");
  for (const long level : levels_in(sounds.scored)) EXPECT_EQ(levels_in(sounds.calibration).count(level), 0u) << level;
}

TEST_F(TestSounds, OfARecordingAreItsTwoHalvesNoLongerThanAsked) {
  std::vector<float> rising(8000 * 10);
  for (size_t i = 0; i < rising.size(); ++i) rising[i] = float(i) / float(rising.size());
  const std::string file = folder_ / "rising.wav";
  write_wav(file, rising, 8000);
  const Sounds sounds = test_sounds(trained_, file, 2);
  EXPECT_EQ(sounds.calibration.source, "the first half of " + file);
  EXPECT_EQ(sounds.scored.source, "the second half of " + file);
  for (const TestSound* sound : {&sounds.calibration, &sounds.scored}) EXPECT_EQ(sound->audio.size(-1), 16000);
  EXPECT_LT(sounds.calibration.audio.max().item<float>(), 0.2001f);
  EXPECT_GE(sounds.scored.audio.min().item<float>(), 0.1999f);
  EXPECT_LT(sounds.scored.audio.max().item<float>(), 0.4001f);
}

TEST_F(TestSounds, OfARecordingThatIsTooShortSaysSo) {
  const std::string file = folder_ / "short.wav";
  write_wav(file, std::vector<float>(10, 0.5f), 8000);
  EXPECT_EQ(error_of([&] { test_sounds(trained_, file, 2); }),
            file + ": 16 samples are too few to calibrate on one half and to score on the other");
}

}  // namespace
}  // namespace nr
