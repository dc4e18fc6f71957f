// Sizes of the networks that only training needs.
#pragma once
#include "config/checks.h"

namespace nr {

// Guesses each control's quantile class from the latent, frame by frame (Fader Networks, arXiv:1706.00409; F-RAVE, arXiv:2302.13542).
struct LatentDiscriminatorConfig {
  int width = 128;  // channels of the trunk
  int layers = 2;   // trunk layers before it narrows
  int kernel = 7;

  template <class V>
  void fields(V& v) {
    v("width", width, config::between(8, 4096));
    v("layers", layers, config::between(1, 16));
    v("kernel", kernel, config::between(1, 31));
  }
};

// Multi-scale waveform discriminator of RAVE v1 (MelGAN's, arXiv:1910.06711).
struct WaveformDiscriminatorConfig {
  int scales = 3;     // each on the waveform averaged over 2^i samples
  int capacity = 16;  // channels of the first layer; times 4 a layer, at most 64 * capacity
  int layers = 4;     // strided layers

  template <class V>
  void fields(V& v) {
    v("scales", scales, config::between(1, 6));
    v("capacity", capacity, config::between(4, 64));
    v("layers", layers, config::between(1, 6));
  }
};

}  // namespace nr
