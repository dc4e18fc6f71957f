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
  // planar, coupling (RealNVP), maf, iaf, sylvester, sigmoidal; iaf_narrow: with the published code's gate,
  // sigmoid(exp(s) + 2), with which a layer keeps at least 0.88 of every number.
  std::string kind = "iaf";
  int length = 4;            // layers; 0: no flow
  int width = 64;            // hidden units of a layer's network

  template <class V>
  void fields(V& v) {
    v("kind", kind, config::one_of({"planar", "coupling", "maf", "iaf", "sylvester", "sigmoidal", "iaf_narrow"}));
    v("length", length, config::between(0, 64));
    v("width", width, config::between(1, 4096));
  }
};

struct SynthesizerConfig : SpectrogramConfig {
  static constexpr const char* kType = "synthesizer";
  std::string synth = "subtractive_fm";  // data.parameters are among its parameters
  // The encoder: layer l has dilation `dilation`^l and stride 2. mlp: dense layers only.
  std::string encoder = "cnn";     // mlp, cnn, resnet
  int channels = 64, kernel = 5, layers = 4, dilation = 2;
  std::vector<int> widths{1024, 1024};  // dense layers behind the convolutions
  std::string activation = "relu";  // relu, elu; behind convolutions and dense layers
  double dropout = 0.25;
  // Defects of the published code that may explain published numbers. linear_dense: dense layers have no activation
  // (its Dropout replaces the ReLU of the same name), so that its MLP is linear. no_sigmoid: a regression's positions
  // are not held within 0 and 1.
  std::vector<std::string> legacy;
  // none: the regressor reads the encoder's last layer. plain: an autoencoder, with the loss mmd a Wasserstein one.
  // gaussian: a variational one, with a posterior flow where its length is not 0.
  std::string latent = "none";
  int latent_size = 0;             // 0: as many as continuous parameters
  FlowConfig posterior{"iaf", 0, 64};
  // Disentangling flow, from the latent to what decoder and regressor read. With the loss `tag_density`, dimension k of
  // that carries the k-th of data.tags.
  FlowConfig disentangling{"iaf", 0, 64};
  // regression: a dense network. flow: an invertible map from the latent to the continuous parameters (regression
  // flow); choices and integers by a dense network. matching: a velocity field from noise to the parameters,
  // conditional flow matching (Lipman et al., arXiv:2210.02747).
  std::string regressor = "regression";
  std::vector<int> regressor_widths{256, 256};
  FlowConfig flow;                 // of the regressor `flow`
  // What the regressor `flow` takes for the deviations of its parameters. parameter: numbers that are learnt.
  // variational: drawn, ln deviation ~ N(mean, spread^2), with the loss `deviation_kl` to N(0, 1).
  std::string deviation = "parameter";
  // Of the regressor `matching`: the velocity field. dense: of the parameters as one vector. tokens: a transformer of
  // tokens that parameters are assigned to (Hayes, Saitis and Fazekas 2025).
  std::string velocity = "dense";
  int tokens = 16, token_width = 64, token_layers = 2, token_heads = 4;
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
    v("dilation", dilation, config::between(1, 4));
    v("widths", widths, config::between(1, 16384));
    v("activation", activation, config::one_of({"relu", "elu"}));
    v("dropout", dropout, config::between(0, 0.9));
    v("legacy", legacy, config::one_of({"linear_dense", "no_sigmoid"}));
    v("latent", latent, config::one_of({"none", "plain", "gaussian"}));
    v("latent_size", latent_size, config::between(0, 1024));
    v("posterior", posterior);
    v("disentangling", disentangling);
    v("regressor", regressor, config::one_of({"regression", "flow", "matching"}));
    v("regressor_widths", regressor_widths, config::between(1, 16384));
    v("flow", flow);
    v("deviation", deviation, config::one_of({"parameter", "variational"}));
    v("velocity", velocity, config::one_of({"dense", "tokens"}));
    v("tokens", tokens, config::between(1, 256));
    v("token_width", token_width, config::between(8, 1024));
    v("token_layers", token_layers, config::between(1, 16));
    v("token_heads", token_heads, config::between(1, 16));
    v("ode_steps", ode_steps, config::between(1, 1000));
    v("guidance", guidance, config::between(0, 100));
    v("unconditional", unconditional, config::between(0, 0.9));
  }
};

}  // namespace nr
