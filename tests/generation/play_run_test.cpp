// A MIDI file through a run: the stream of its decoder is what LibTorch decodes.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include <cmath>

#include "audio/clip.h"
#include "base/hash.h"
#include "generation/live.h"
#include "generation/play_fixture.h"
#include "generation/sampler.h"
#include "nn/prior.h"
#include "support/allocation.h"
#include "support/tiny_model.h"

namespace nr {
namespace {

// A run with random weights, 4 bands, a hop of 32 at 8 kHz, 3 latents.
struct PlayRun : Play {
  std::shared_ptr<Autoencoder> model;
  torch::Tensor mean = torch::tensor({0.5, -1.0, 0.25}, torch::kFloat);
  PlayRun() {
    torch::manual_seed(3);
    RunConfig run = tiny_run_config(4);
    run.data.sample_rate = 8000, run.descriptors.controls = {"rms", "pitch"};
    model = std::make_shared<Autoencoder>(autoencoder_of(run.model), 2);
    const torch::NoGradGuard no_grad;
    for (auto& parameter : model->decoder().parameters())
      if (parameter.dim() > 1) parameter.mul_(1.5);
    model->eval();
    Checkpoint checkpoint = tiny_checkpoint(run, *model);
    checkpoint.texts["scales"] =
        config::dump(Scales{{{"rms", -60, 0, {}}, {"pitch", std::log2(20), std::log2(5120), {}}}});
    store(LatentSpace{mean, torch::eye(3), torch::ones(3)}, checkpoint);
    write_checkpoint(folder / "run/checkpoints/last.safetensors", checkpoint);
    config.run = folder / "run";
  }
  // What LibTorch makes of the inputs, against the WAV behind the stream's latency.
  void expect_decoded() const {
    const std::vector<float> inputs = numbers_of<float>(config.inputs);
    const auto rows = torch::tensor(inputs).view({-1, 5}).t().unsqueeze(0);
    const torch::NoGradGuard no_grad;
    const auto audio = model->decode(rows.narrow(1, 0, 3), rows.narrow(1, 3, 2)).audio.flatten();
    const std::vector<int16_t> heard = samples_of(config.out);
    ASSERT_EQ(int64_t(heard.size()), audio.numel());
    double energy = 0;
    for (size_t i = 0; i < heard.size(); ++i) {
      const double x = audio[int64_t(i)].item<double>() * 32768;
      ASSERT_NEAR(heard[i], std::max(-32768.0, std::min(x, 32767.0)), 2) << i;
      energy += x * x;
    }
    EXPECT_GT(std::sqrt(energy / double(heard.size())), 30);
  }
};

TEST_F(PlayRun, IsWhatLibTorchDecodesOfTheMeanLatent) {
  play(config);
  expect_decoded();
  const auto rows = torch::tensor(numbers_of<float>(config.inputs)).view({-1, 5});
  for (int64_t t = 0; t < rows.size(0); ++t) ASSERT_TRUE(rows[t].narrow(0, 0, 3).equal(mean)) << t;
}

TEST_F(PlayRun, TakesTheLatentsOfARecordingForthAndBack) {
  std::vector<float> sound(10 * 32);
  for (size_t i = 0; i < sound.size(); ++i) sound[i] = float(0.3 * std::sin(0.02 * double(i * i) / 100));
  config.latent.latent = folder / "sound.wav";
  write_wav(config.latent.latent, sound, 8000);
  play(config);
  expect_decoded();
  const torch::NoGradGuard no_grad;
  const auto latents =
      model->encode(torch::tensor(read_clip(config.latent.latent).samples).view({1, 1, -1})).posterior.mean[0].t();
  const auto rows = torch::tensor(numbers_of<float>(config.inputs)).view({-1, 5});
  ASSERT_EQ(latents.size(0), 10);
  for (int64_t t = 0; t < rows.size(0); ++t) {
    const int64_t at = t % 18;
    ASSERT_LT((rows[t].narrow(0, 0, 3) - latents[at < 10 ? at : 18 - at]).abs().max().item<double>(), 1e-5) << t;
  }
  EXPECT_GT(latents.std(0).min().item<double>(), 1e-3) << "they differ";
}

// A prior of random weights beside a copy of the run.
std::string write_prior(const std::filesystem::path& folder, const std::filesystem::path& base) {
  torch::manual_seed(5);
  RunConfig run = tiny_run_config(4);
  PriorConfig network;
  network.width = 8, network.dilations = {1, 2}, network.together = 2;
  run.model = network;
  Prior prior(network, 5, 32);
  const torch::NoGradGuard no_grad;
  prior.measure(torch::randn({4, 5, 64}));
  Checkpoint checkpoint;
  store(prior, "prior", checkpoint);
  const std::string model = read_file(base);
  checkpoint.texts = {{"config", config::dump(run)},
                      {"graph", hex(describe_prior(network, 5, 32).hash())},
                      {"model", hex(hash64(model))},
                      {"step", "1"}};
  write_checkpoint(folder / "checkpoints/last.safetensors", checkpoint);
  write_file(folder / kPriorBase, model);
  return folder;
}

TEST_F(PlayRun, OfAPriorPlaysTheLatentsThatItDrawsForTheNotes) {
  play(config);
  const auto plain = torch::tensor(numbers_of<float>(config.inputs)).view({-1, 5});
  config.run = write_prior(folder / "prior", folder / "run/checkpoints/last.safetensors");
  config.latent.seed = 7;
  play(config);
  expect_decoded();
  const auto rows = torch::tensor(numbers_of<float>(config.inputs)).view({-1, 5});
  ASSERT_EQ(rows.size(0), plain.size(0));
  EXPECT_TRUE(rows.narrow(1, 3, 2).equal(plain.narrow(1, 3, 2))) << "the notes, none late";
  Curves forced(5);  // the prior's order: controls first
  for (int64_t t = 0; t < rows.size(0); ++t)
    for (int c = 0; c < 2; ++c) forced[c].push_back(rows[t][3 + c].item<float>());
  const Curves drawn = draw_curves(*load_prior(config.run).prior, int(rows.size(0)), {1, 7}, forced);
  for (int64_t t = 0; t + 3 < rows.size(0); ++t)  // at the end draw_curves repeats the last controls
    for (int c = 0; c < 3; ++c) ASSERT_EQ(rows[t][c].item<float>(), drawn[2 + c][t]) << t << " " << c;
  EXPECT_GT(rows.narrow(1, 0, 3).std().item<double>(), 0.1);
  config.latent.seed = 8;
  play(config);
  EXPECT_NE(numbers_of<float>(config.inputs)[0], rows[0][0].item<float>());
}

TEST_F(PlayRun, OfAPriorRefusesARecording) {
  config.run = write_prior(folder / "prior", folder / "run/checkpoints/last.safetensors");
  config.latent.latent = "voice.wav";
  EXPECT_EQ(refusal(), config.run + ": a prior draws the latent; voice.wav cannot be played with it");
}

TEST_F(PlayRun, WithoutPitchSaysWhichConfigGivesIt) {
  const RunConfig run = tiny_run_config();
  write_checkpoint(folder / "rms/checkpoints/last.safetensors",
                   tiny_checkpoint(run, Autoencoder(autoencoder_of(run.model), 1)));
  config.run = folder / "rms";
  EXPECT_EQ(refusal(),
            "the model has no control 'pitch' and cannot play notes (its controls: rms); train one with "
            "configs/rave/harmonic.yaml");
}

// Without a file: as in a plug-in, at any rate and in any blocks.
TEST_F(PlayRun, SoundsLiveWithoutTakingMemory) {
  const unsigned char on[3] = {0x90, 69, 100}, off[3] = {0x80, 69, 0};
  std::vector<std::vector<float>> heard;
  for (const int block : {64, 500, 4000}) {
    const auto live = open_live(config, 8000);
    std::vector<float> out(8000);
    live->process(nullptr, out.data(), 1);
    const int64_t before = allocations();
    live->take(on, 3);
    for (int at = 0; at < 4000; at += block) live->process(nullptr, out.data() + at, std::min(block, 4000 - at));
    live->take(off, 3);
    live->process(nullptr, out.data() + 4000, 4000);
    EXPECT_EQ(allocations(), before);
    heard.push_back(out);
    EXPECT_EQ(out, heard[0]) << block;
  }
  config.latent.latent = folder / "sound.wav";
  write_wav(config.latent.latent, std::vector<float>(320, 0.3f), 8000);
  const auto other = open_live(config, 8000);
  std::vector<float> out(8000);
  other->process(nullptr, out.data(), 1), other->take(on, 3), other->process(nullptr, out.data(), 4000);
  EXPECT_NE(std::vector<float>(out.begin(), out.begin() + 4000),
            std::vector<float>(heard[0].begin(), heard[0].begin() + 4000))
      << "other latents";
  config.set_control = {"rmss=-10"};
  EXPECT_THAT(error_of([&] { open_live(config, 8000); }), testing::HasSubstr("the model has no 'rmss'"));
}

}  // namespace
}  // namespace nr
