// Synthesizer inference: from the sound of a note to the parameters of a synthesizer that plays it (Esling et al., Flow
// synthesizer, Appl. Sci. 10(1):302, 2020). Convolutions over a mel spectrogram of the whole note; nn/synthesizer.h
// holds the networks, and the model does not stream.
#pragma once
#include <string>
#include <vector>

#include "models/spectrogram.h"

namespace nr {

// A chain of invertible layers of one kind, each followed by a batch normalisation and a permutation.
struct FlowConfig {
  std::string kind = "iaf";  // planar, coupling (RealNVP), maf, iaf
  int length = 4;            // layers; 0: no flow
  int width = 64;            // hidden units of a layer's network

  template <class V>
  void fields(V& v) {
    v("kind", kind, config::one_of({"planar", "coupling", "maf", "iaf"}));
    v("length", length, config::between(0, 64));
    v("width", width, config::between(1, 4096));
  }
};

struct SynthesizerConfig : SpectrogramConfig {
  static constexpr const char* kType = "synthesizer";
  std::string synth = "subtractive_fm";  // data.parameters are among its parameters
  // The encoder: layer l has dilation 2^l and stride 2. mlp: dense layers only.
  std::string encoder = "cnn";     // mlp, cnn, resnet
  int channels = 64, kernel = 5, layers = 4;
  std::vector<int> widths{1024, 1024};  // dense layers behind the convolutions
  double dropout = 0.25;
  // none: the regressor reads the encoder's last layer. plain: an autoencoder, with the loss mmd a Wasserstein one.
  // gaussian: a variational one, with a posterior flow where its length is not 0.
  std::string latent = "none";
  int latent_size = 0;             // 0: as many as continuous parameters
  FlowConfig posterior{"iaf", 0, 64};
  // regression: a dense network. flow: an invertible map from the latent to the continuous parameters (regression
  // flow); choices and integers by a dense network. matching: a velocity field from noise to the parameters,
  // conditional flow matching (Lipman et al., arXiv:2210.02747).
  std::string regressor = "regression";
  std::vector<int> regressor_widths{256, 256};
  FlowConfig flow;                 // of the regressor `flow`
  int ode_steps = 32;              // of the regressor `matching`: midpoint steps
  double guidance = 1;             // 1: none; more: away from what it gives without a condition
  double unconditional = 0.1;      // share of training examples without a condition

  template <class V>
  void fields(V& v) {
    v("synth", synth);
    SpectrogramConfig::fields(v);
    v("encoder", encoder, config::one_of({"mlp", "cnn", "resnet"}));
    v("channels", channels, config::between(1, 512));
    v("kernel", kernel, config::one_of({3, 5, 7, 9}));
    v("layers", layers, config::between(1, 8));
    v("widths", widths, config::between(1, 16384));
    v("dropout", dropout, config::between(0, 0.9));
    v("latent", latent, config::one_of({"none", "plain", "gaussian"}));
    v("latent_size", latent_size, config::between(0, 1024));
    v("posterior", posterior);
    v("regressor", regressor, config::one_of({"regression", "flow", "matching"}));
    v("regressor_widths", regressor_widths, config::between(1, 16384));
    v("flow", flow);
    v("ode_steps", ode_steps, config::between(1, 1000));
    v("guidance", guidance, config::between(0, 100));
    v("unconditional", unconditional, config::between(0, 0.9));
  }
};

}  // namespace nr
