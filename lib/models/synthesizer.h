// Synthesizer inference: from the sound of a note to the parameters of a synthesizer that plays it (Esling et al., Flow
// synthesizer, Appl. Sci. 10(1):302, 2020). Convolutions over a mel spectrogram of the whole note; nn/synthesizer.h
// holds the networks, and the model does not stream.
#pragma once
#include <string>
#include <vector>

#include "models/regressor.h"
#include "models/spectrogram.h"

namespace nr {

struct SynthesizerConfig : SpectrogramConfig, RegressorConfig {
  static constexpr const char* kType = "synthesizer";
  std::string synth = "subtractive_fm";  // data.parameters are among its parameters
  // The encoder: layer l has dilation `dilation`^l and stride 2. mlp: dense layers only.
  std::string encoder = "cnn";     // mlp, cnn, resnet
  int channels = 64, kernel = 5, layers = 4, dilation = 2;
  std::vector<int> widths{1024, 1024};  // dense layers behind the convolutions
  // none: the regressor reads the encoder's last layer. plain: an autoencoder, with the loss mmd a Wasserstein one.
  // gaussian: a variational one, with a posterior flow where its length is not 0.
  std::string latent = "none";
  int latent_size = 0;             // 0: as many as continuous parameters
  FlowConfig posterior{"iaf", 0, 64};
  // Disentangling flow, from the latent to what decoder and regressor read. With the loss `tag_density`, dimension k of
  // that carries the k-th of data.tags.
  FlowConfig disentangling{"iaf", 0, 64};

  template <class V>
  void fields(V& v) {
    v("synth", synth);
    SpectrogramConfig::fields(v);
    v("encoder", encoder, config::one_of({"mlp", "cnn", "resnet"}));
    v("channels", channels, config::between(1, 512));
    v("kernel", kernel, config::one_of({3, 5, 7, 9}));
    v("layers", layers, config::between(1, 8));
    v("dilation", dilation, config::between(1, 4));
    v("widths", widths, config::between(1, 16384));
    v("activation", activation, config::one_of({"relu", "elu"}));
    v("dropout", dropout, config::between(0, 0.9));
    v("legacy", legacy, config::one_of({"linear_dense", "no_sigmoid"}));
    v("latent", latent, config::one_of({"none", "plain", "gaussian"}));
    v("latent_size", latent_size, config::between(0, 1024));
    v("posterior", posterior);
    v("disentangling", disentangling);
    RegressorConfig::fields(v);
  }
};

}  // namespace nr
