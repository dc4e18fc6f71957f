// The networks of a mel_vae. Spectrograms and sounds are cut into blocks of config.frames frames, a latent each; blocks
// do not see each other.
#pragma once
#include "models/mel_vae.h"
#include "nn/network.h"

namespace nr {

// "audio" [n, 1, samples], samples a multiple of hop -> "bands" [n, mels, samples / step], "mean" and, of a Gaussian
// latent, "scale" [n, latent_size, samples / hop].
class MelEncoder : public Network {
 public:
  explicit MelEncoder(const MelVaeConfig& config);
  Wires run(const Wires& inputs) override;

 private:
  MelVaeConfig config_;
  torch::Tensor filters_;  // [mels, window / 2 + 1]
  torch::nn::Sequential image_, dense_;
  torch::nn::Linear mean_{nullptr}, scale_{nullptr};
};

// "latent" [n, latent_size, blocks] and, with controls, "controls" [n, controls, blocks] -> "bands", of which there is
// no "audio".
class MelDecoder : public Network {
 public:
  MelDecoder(const MelVaeConfig& config, int controls);
  Wires run(const Wires& inputs) override;

 private:
  MelVaeConfig config_;
  int controls_;
  torch::nn::Sequential dense_, image_;
};

// "bands" -> "audio" [n, 1, samples], by Griffin-Lim over all blocks at once. No weights.
class MelSynthesis : public Network {
 public:
  explicit MelSynthesis(const MelVaeConfig& config);
  Wires run(const Wires& inputs) override;

 private:
  MelVaeConfig config_;
  torch::Tensor filters_;
};

}  // namespace nr
