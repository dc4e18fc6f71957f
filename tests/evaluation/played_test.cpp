// What the report plays: a decoder with an excitation is in tune before it has learned anything.
#include "evaluation/played.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "audio/clip.h"
#include "descriptors/swipe.h"
#include "export/runtime/pulses.h"
#include "support/temporary.h"

namespace nr {
namespace {

TrainedModel untrained() {
  RaveConfig config;
  config.bands = 16, config.capacity = 8, config.ratios = {4, 4, 2}, config.latent_size = 4;
  config.excitation.bins = 5;
  torch::manual_seed(3);
  TrainedModel out;
  out.config.data.sample_rate = 16000;
  out.config.descriptors.hop = 256, out.config.descriptors.window = 1024;
  out.config.descriptors.controls = {"rms", "pitch", "periodicity"};
  out.model = std::make_shared<Autoencoder>(config, ControlInputs(out.config.descriptors.controls, 16000));
  out.model->eval();
  out.scales = {{"rms", -60, -10, {}},
                {"pitch", std::log2(kLowestHz), std::log2(kHighestHz), {}},
                {"periodicity", 0, 1, {}}};
  return out;
}

std::vector<float> tone(double hz, double seconds) {
  std::vector<float> out(size_t(16000 * seconds));
  for (size_t i = 0; i < out.size(); ++i)
    for (int k = 1; k <= 5; ++k) out[i] += float(0.1 / k * std::sin(2 * M_PI * k * hz * double(i) / 16000));
  return out;
}

double cents_at(const PitchTrack& track, double seconds, double hz) {
  const size_t frame = size_t(seconds * 16000 / track.hop);
  return 1200 * std::fabs(std::log2(track.hz.at(frame) / hz));
}

TEST(Played, AScaleAndAGlideAreInTune) {
  const TrainedModel trained = untrained();
  const std::vector<Rendition> played = play_notes(trained, make_sound(trained, "tone", tone(330, 1)), "", "");
  ASSERT_EQ(played.size(), 2u);
  const PitchTrack scale = Swipe(16000).track(played[0].audio), glide = Swipe(16000).track(played[1].audio);
  const int keys[] = {60, 62, 64, 65, 67, 69, 71, 72};
  for (int i = 0; i < 8; ++i)
    EXPECT_LT(cents_at(scale, 0.4 * i + 0.25, 440 * std::exp2((keys[i] - 69) / 12.0)), 10) << i;
  EXPECT_LT(cents_at(glide, 0.6, 440 * std::exp2((48 - 69) / 12.0)), 10);
  EXPECT_LT(cents_at(glide, 1.45, 440 * std::exp2((60 - 69) / 12.0)), 10);
}

TEST(Played, AVoicesPitchDrivesTheModel) {
  const TemporaryFolder folder;
  const std::string voice = folder / "voice.wav";
  write_wav(voice, tone(222, 1.5), 16000);
  const TrainedModel trained = untrained();
  const std::vector<Rendition> played = play_notes(trained, make_sound(trained, "tone", tone(330, 1)), "", voice);
  ASSERT_EQ(played.size(), 4u);
  EXPECT_EQ(played[2].audio.size(), 24000u);
  EXPECT_LT(cents_at(Swipe(16000).track(played[3].audio), 0.7, 222), 10);
}

TEST(Played, PlaysAMidiFile) {
  const TrainedModel trained = untrained();
  const std::vector<Rendition> played = play_notes(trained, make_sound(trained, "tone", tone(330, 1)),
                                                   std::string(NR_SOURCE_DIR) + "/data/phrase.mid", "");
  ASSERT_EQ(played.size(), 3u);
  EXPECT_EQ(played[2].title, "A phrase");
  EXPECT_LT(cents_at(Swipe(16000).track(played[2].audio), 0.25, 440 * std::exp2((60 - 69) / 12.0)), 10);
}

TEST(Played, NothingWithoutAControlForPitch) {
  TrainedModel trained = untrained();
  trained.scales = {{"rms", -60, -10, {}}};
  EXPECT_TRUE(play_notes(trained, {}, "", "").empty());
}

}  // namespace
}  // namespace nr
