// Single notes as mel magnitudes, a latent of few dimensions, and a decoder that is given the note and the style
// (WAE-Fader: Bitton, Esling, Caillon and Fouilleul, arXiv:1904.06215). The article's layer widths are not published:
// these are ours. nn/wae.h holds the networks, and the model does not stream.
#pragma once
#include <string>
#include <vector>

#include "models/spectrogram.h"

namespace nr {

// Between a spectrogram and a latent, in both directions; the decoder may be given a condition.
struct NoteNetworksConfig : SpectrogramConfig {
  // The encoder: `layers` convolutions of stride 2, `channels` in the first, twice as many in each next one.
  int channels = 16, kernel = 5, layers = 5;
  std::vector<int> widths{1024, 256};  // dense layers behind them; those of the decoder in the other direction
  int latent_size = 3;
  std::string latent = "plain";        // deterministic; gaussian: with a deviation
  std::vector<int> condition_widths{128, 128};  // dense layers that read them
  bool film = true;              // of the decoder's dense layers: h (1 + gamma(c)) + delta(c)
  bool conditional_norm = true;  // of its convolutions: every channel of a note to deviation sigma(c) and mean mu(c)
  std::vector<int> decoder_kernels{5, 5, 7, 9, 7};
  int griffin_lim = 100;         // rounds

  NoteNetworksConfig() { step = 256, mels = 500, frames = 128, law = "log1p"; }

  template <class V>
  void encoder_fields(V& v) {
    SpectrogramConfig::fields(v);
    v("law", law, config::one_of({"power", "log1p", "log"}));
    v("channels", channels, config::between(1, 64));
    v("kernel", kernel, config::one_of({3, 5, 7}));
    v("layers", layers, config::between(1, 8));
    v("widths", widths, config::between(1, 16384));
    v("latent_size", latent_size, config::between(1, 1024));
    v("latent", latent, config::one_of({"plain", "gaussian"}));
  }
  template <class V>
  void decoder_fields(V& v) {
    v("condition_widths", condition_widths, config::between(1, 4096));
    v("film", film);
    v("conditional_norm", conditional_norm);
    v("decoder_kernels", decoder_kernels, config::one_of({1, 3, 5, 7, 9, 11}));
  }
};

struct WaeConfig : NoteNetworksConfig {
  static constexpr const char* kType = "wae";
  // The labels that the decoder is given, each of them in data.classes, as vectors of weights: one-hot in training.
  std::vector<std::string> conditions;
  std::string faded;  // the label that the latent discriminator reads in the latent; empty: none
  // Run of a vocoder of the same mel bands. It begins with that run's weights, is a part of this model, and makes its
  // sound; empty: Griffin-Lim does.
  std::string vocoder;

  template <class V>
  void network_fields(V& v) {
    encoder_fields(v);
    v("conditions", conditions);
    decoder_fields(v);
    v("faded", faded);
    v("griffin_lim", griffin_lim, config::between(1, 1000));
  }
  template <class V>
  void fields(V& v) {
    network_fields(v);
    v("vocoder", vocoder);
  }
};

}  // namespace nr
