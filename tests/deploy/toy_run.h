// A run that can be exported.
#pragma once
#include <gtest/gtest.h>

#include "audio/clip.h"
#include "base/hash.h"
#include "base/random.h"
#include "config/writer.h"
#include "deploy/deploy.h"
#include "nn/checkpoint.h"
#include "support/temporary.h"

namespace nr {

// A checkpoint with random weights and two controls, and two seconds of sound.
class ToyRun : public testing::Test {
 protected:
  ExportConfig config(int capacity = 4, int sample_rate = 16000) {
    RaveConfig rave;
    rave.bands = 8, rave.capacity = capacity, rave.ratios = {4, 2}, rave.latent_size = 4, rave.attenuation_db = 60;
    AutoencoderConfig model = rave;
    torch::manual_seed(1);
    const Autoencoder autoencoder(model, 2);
    Checkpoint checkpoint;
    store(autoencoder, "model", checkpoint);
    torch::manual_seed(2);
    const auto frames = torch::randn({64, 4}) * torch::tensor({1.0, 0.5, 0.1, 0.01});
    store(analyse_latents(frames, frames.select(1, 0)), checkpoint);
    checkpoint.texts = {{"config", "data: {sample_rate: " + std::to_string(sample_rate) +
                                       "}\ndescriptors: {controls: [rms, centroid], window: 256, hop: 32}\nmodel: " +
                                       text("{type: rave, bands: 8, capacity: ", capacity,
                                            ", ratios: [4, 2], latent_size: 4, attenuation_db: 60}\n")},
                        {"scales", config::dump(Scales{{{"rms", -40, -3, {-30, -20}}, {"centroid", 8, 12, {9, 10}}}})},
                        {"graph", hex(autoencoder.graphs().hash())},
                        {"step", "7"}};
    write_checkpoint(folder_ / "run.safetensors", checkpoint);
    Random random(3);
    std::vector<float> sound(32000);
    for (size_t i = 0; i < sound.size(); ++i)
      sound[i] = float(0.4 * std::sin(0.05 * i) * std::sin(2e-4 * i) + 0.05 * random.normal());
    write_wav(folder_ / "sound.wav", sound, sample_rate);
    ExportConfig c;
    c.run = folder_ / "run.safetensors", c.output = folder_ / "toy.h", c.audio = folder_ / "sound.wav",
    c.loop_seconds = 1;
    return c;
  }
  TemporaryFolder folder_;
};

}  // namespace nr
