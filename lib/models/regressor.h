// From what an encoder knows of a sound to parameters: of the synthesizer that played it, or of the effects on it.
// nn/regressors.h holds the networks.
#pragma once
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

// A chain of invertible layers of one kind, each followed by a batch normalisation and a permutation.
struct FlowConfig {
  // planar, coupling (RealNVP), maf, iaf, sylvester, sigmoidal, dense_sigmoidal; iaf_narrow: with the published code's
  // gate, sigmoid(exp(s) + 2), with which a layer keeps at least 0.88 of every number; dense_sigmoidal_shuffled: with
  // random permutations in place of reversals.
  std::string kind = "iaf";
  int length = 4;            // layers; 0: no flow
  int width = 64;            // hidden units of a layer's network

  template <class V>
  void fields(V& v) {
    v("kind", kind,
      config::one_of({"planar", "coupling", "maf", "iaf", "sylvester", "sigmoidal", "iaf_narrow", "dense_sigmoidal",
                      "dense_sigmoidal_shuffled"}));
    v("length", length, config::between(0, 64));
    v("width", width, config::between(1, 4096));
  }
};

struct RegressorConfig {
  std::string activation = "relu";  // relu, elu; behind convolutions and dense layers
  double dropout = 0.25;
  // Defects of the published code that may explain published numbers. linear_dense: dense layers have no activation
  // (its Dropout replaces the ReLU of the same name), so that its MLP is linear. no_sigmoid: a regression's positions
  // are not held within 0 and 1.
  std::vector<std::string> legacy;
  // regression: a dense network. flow: an invertible map from the latent to the continuous parameters (regression
  // flow); choices and integers by a dense network. matching: a velocity field from noise to the parameters,
  // conditional flow matching (Lipman et al., arXiv:2210.02747).
  std::string regressor = "regression";
  std::vector<int> regressor_widths{256, 256};
  FlowConfig flow;                 // of the regressor `flow`
  // What the regressor `flow` takes for the deviations of its parameters. parameter: numbers that are learnt.
  // variational: drawn, ln deviation ~ N(mean, spread^2), with the loss `deviation_kl` to N(0, 1).
  std::string deviation = "parameter";
  // Where the weights of the regressor `flow`'s layers come from (conditional amortisation). none: they are learnt.
  // variational: drawn at every step of training, each from N(mean, spread^2), with the loss `amortisation_kl` to
  // N(0, 1). network: given for every sound by a dense network of the latent, whose size is then free; the flow maps
  // draws of a Gaussian that is learnt. Of the kinds planar and sylvester.
  std::string amortisation = "none";
  // Of the regressor `matching`: the velocity field. dense: of the parameters as one vector. tokens: a transformer of
  // tokens that parameters are assigned to (Hayes, Saitis and Fazekas 2025).
  std::string velocity = "dense";
  int tokens = 16, token_width = 64, token_layers = 2, token_heads = 4;
  int ode_steps = 32;              // of the regressor `matching`: midpoint steps
  double guidance = 1;             // 1: none; more: away from what it gives without a condition
  double unconditional = 0.1;      // share of training examples without a condition

  template <class V>
  void fields(V& v) {
    v("regressor", regressor, config::one_of({"regression", "flow", "matching"}));
    v("regressor_widths", regressor_widths, config::between(1, 16384));
    v("flow", flow);
    v("deviation", deviation, config::one_of({"parameter", "variational"}));
    v("amortisation", amortisation, config::one_of({"none", "variational", "network"}));
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
