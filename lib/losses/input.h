// What one training step computed once, and every loss term may look at.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "data/loader.h"
#include "nn/autoencoder.h"
#include "nn/discriminators.h"

namespace nr {

struct Outputs {
  torch::Tensor bands, audio;            // target: the input as its own filter bank gives it back [n, bands, .], [n, 1, samples]; of a
                                         // mel_vae its spectrogram [n, mels, .], and no audio
  Posterior posterior;
  torch::Tensor latent;                  // sampled, [n, latent_size, frames]
  Autoencoder::Decoded decoded;
  torch::Tensor asked, asked_active;     // exchanged controls and where they sound, [m, controls, frames]; undefined without
  torch::Tensor exchanged;               // audio decoded with them, [m, 1, samples]
};

struct LossSettings {
  std::vector<int> stft_sizes, band_stft_sizes;
  std::vector<std::string> controls;
  std::vector<Scale> scales;             // one a control
  Framing framing;
  int latent_hop = 1, delay = 0;
  std::string adversarial = "hinge";     // a name of adversarial()
  std::map<std::string, double> weights = {};  // of a control in the terms that hear it; 1 where not named
};

struct LossInput {
  const Batch& batch;
  const Outputs& outputs;
  const LossSettings& settings;
  LatentDiscriminator* latent_discriminator;      // null when no player trains it
  WaveformDiscriminator* waveform_discriminator;
  // What the latter says of outputs.decoded.audio, once a term has asked (losses/adversarial.cpp): a player's terms share one pass.
  mutable std::vector<std::vector<torch::Tensor>> judged = {};
  // Likewise the controls measured in outputs.exchanged and outputs.decoded.audio, in knob units.
  mutable torch::Tensor heard_exchanged = {}, heard_own = {};
};

}  // namespace nr
