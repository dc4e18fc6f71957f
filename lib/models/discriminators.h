// Sizes of the networks that only training needs.
#pragma once
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

// Predicts each control's quantile class from the latent, frame by frame (Fader Networks, arXiv:1706.00409; F-RAVE,
// arXiv:2302.13542).
struct LatentDiscriminatorConfig {
  int width = 128;  // channels of the trunk
  int layers = 2;   // trunk layers before it narrows
  int kernel = 7;   // frames; odd, so that a prediction belongs to the frame in its middle

  template <class V>
  void fields(V& v) {
    v("width", width, config::between(8, 4096));
    v("layers", layers, config::between(1, 16));
    v("kernel", kernel, config::one_of({1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31}));
  }
};

// Real or decoded? Sub-discriminators of three kinds in any mix, at least one. Multi-scale (MelGAN, arXiv:1910.06711):
// the waveform and its averages. Multi-period (HiFi-GAN, arXiv:2010.05646): every p-th sample. Multi-resolution:
// complex spectra, whole (EnCodec, arXiv:2210.13438) or band by band (DAC, arXiv:2306.06546).
struct WaveformDiscriminatorConfig {
  int scales = 3;                  // each on the waveform averaged over 2^i samples
  int capacity = 16;               // channels of a scale's first layer; times 4 a layer, at most 64 * capacity
  int layers = 4;                  // strided layers of scales and periods
  std::vector<int> periods{};      // samples; HiFi-GAN: [2, 3, 5, 7, 11]
  int period_capacity = 32;        // channels of a period's first layer; times 4 a layer, at most 32 * period_capacity
  std::vector<int> stft_sizes{};   // samples; DAC: [2048, 1024, 512]
  int stft_capacity = 32;          // channels of every layer
  std::vector<double> stft_bands{};  // where the spectrum is cut, as shares of its width; DAC: [0.1, 0.25, 0.5, 0.75]
  std::string design = "rave_v1";  // of scales and periods; "rave_v2": stride 4, channels times 2 a layer, no groups
  double slope = 0.2;              // of leaky rectifiers below 0; DAC's and HiFi-GAN's: 0.1
  bool match_first = true;         // feature matching compares each first layer too; RAVE v2's does not
  bool normalise = false;          // every clip is given without its mean and at a peak of 0.8, as in DAC

  template <class V>
  void fields(V& v) {
    v("scales", scales, config::between(0, 6));
    v("capacity", capacity, config::between(4, 128));
    v("layers", layers, config::between(1, 6));
    v("periods", periods, config::between(2, 64));
    v("period_capacity", period_capacity, config::between(4, 128));
    v("stft_sizes", stft_sizes, config::between(64, 16384));
    v("stft_capacity", stft_capacity, config::between(4, 128));
    v("stft_bands", stft_bands, config::between(0, 1));
    v("design", design, config::one_of({"rave_v1", "rave_v2"}));
    v("slope", slope, config::between(0, 1));
    v("match_first", match_first);
    v("normalise", normalise);
  }
};

}  // namespace nr
