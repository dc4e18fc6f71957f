// From mel magnitudes to sound in one pass, a rival of Griffin-Lim. nn/vocoders.h holds the networks.
#pragma once
#include <string>

#include "models/spectrogram.h"

namespace nr {

struct VocoderConfig : SpectrogramConfig {
  static constexpr const char* kType = "vocoder";
  // mcnn: heads of transposed convolutions, summed (Arik, Jun and Diamos, IEEE Signal Processing Letters 26(1), 2019).
  // vocos: ConvNeXt blocks at the frame rate and an inverse STFT (Siuzdak, arXiv:2306.00814).
  // vocos_steps: the same, but it gives how far a phase goes from one frame to the next, as a phase vocoder does: a
  // partial between two bins then goes on while the network's input stands still.
  std::string network = "vocos";
  int heads = 8, kernel = 13;     // of mcnn
  int channels = 128;             // of mcnn: of a head's first layer, half as many in each next one
  int width = 256, blocks = 8;    // of vocos and vocos_steps

  VocoderConfig() { step = 256, mels = 128, frames = 128; }

  template <class V>
  void fields(V& v) {
    SpectrogramConfig::fields(v);
    v("network", network, config::one_of({"mcnn", "vocos", "vocos_steps"}));
    v("heads", heads, config::between(1, 64));
    v("kernel", kernel, config::one_of({3, 5, 7, 9, 11, 13, 15}));
    v("channels", channels, config::between(1, 1024));
    v("width", width, config::between(4, 2048));
    v("blocks", blocks, config::between(1, 32));
  }
};

}  // namespace nr
