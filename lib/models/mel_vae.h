// The VAE that F-RAVE is compared with (arXiv:2302.13542): two-dimensional convolutions over a note's mel spectrogram,
// one latent a note, and Griffin-Lim for its sound. Convolutions over frequency are no op of a Graph. nn/mel_vae.h
// holds the networks, and the model does not stream.
#pragma once
#include <vector>

#include "graph/passes.h"
#include "models/latent.h"
#include "models/limits.h"

namespace nr {

struct MelVaeConfig {
  static constexpr const char* kType = "mel_vae";
  int sample_rate = 16000;        // data.sample_rate must be the same: the bands are cut for it
  int window = 1024, step = 512;  // of the STFT, samples
  int mels = 80;                  // Slaney's bands of its power, from 0 Hz to half the rate
  double floor = 0.1;             // the networks see log10(power + floor), shifted so that silence is -1
  int frames = 126;               // of the spectrogram a latent; hop = frames * step samples
  int channels = 64, kernel = 11, layers = 4;  // of the convolutions in encoder and decoder each
  std::vector<int> encoder_widths{1024, 1024, 1024}, decoder_widths{512};  // dense layers between them and the latent
  double dropout = 0.25;          // of whole channels in the encoder's convolutions, of units elsewhere
  int latent_size = 8;
  LatentConfig latent;
  int griffin_lim = 60;           // rounds

  template <class V>
  void fields(V& v) {
    v("sample_rate", sample_rate, config::between(4000, 192000));
    v("window", window, config::one_of({256, 512, 1024, 2048, 4096}));
    v("step", step, config::between(16, 4096));
    v("mels", mels, config::between(8, 512));
    v("floor", floor, config::between(1e-9, 1));
    v("frames", frames, config::between(1, 4096));
    v("channels", channels, config::between(1, 512));
    v("kernel", kernel, config::one_of({3, 5, 7, 9, 11}));
    v("layers", layers, config::between(2, 8));
    v("encoder_widths", encoder_widths, config::between(1, 16384));
    v("decoder_widths", decoder_widths, config::between(1, 16384));
    v("dropout", dropout, config::between(0, 0.9));
    v("latent_size", latent_size, config::between(1, kLargestLatent));
    v("latent", latent);
    v("griffin_lim", griffin_lim, config::between(1, 1000));
  }
};

int hop(const MelVaeConfig& config);  // samples a latent; Error when there are too many
uint64_t hash(const MelVaeConfig& config, int controls);  // of all that weights depend on

// Layers only: the spectrum and Griffin-Lim are not counted.
Measure measure_encoder(const MelVaeConfig& config);
Measure measure_decoder(const MelVaeConfig& config, int controls);
Measure measure(const MelVaeConfig& config, int controls);  // both

}  // namespace nr
