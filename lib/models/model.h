// What `model:` of a run may be. The type in YAML chooses the system that is trained: systems/table.cpp has a row for
// each. A new network of the RAVE family is models/x.{h,cpp} with a config over BandsConfig, encode() and decode(), and
// one line in the variants.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "models/effects.h"
#include "models/mel_vae.h"
#include "models/prior.h"
#include "models/rave.h"
#include "models/rave_v2.h"
#include "models/synthesizer.h"
#include "models/vocoder.h"
#include "models/wae.h"

namespace nr {

using AutoencoderConfig = std::variant<RaveConfig, RaveV2Config, MelVaeConfig>;
using ModelConfig = std::variant<RaveConfig, RaveV2Config, MelVaeConfig, PriorConfig, SynthesizerConfig, WaeConfig,
                                 VocoderConfig, EffectsConfig>;

const char* type_of(const ModelConfig& config);
const char* type_of(const AutoencoderConfig& config);
AutoencoderConfig autoencoder_of(const ModelConfig& config);  // Error that names the type of another model

// A decoder's control inputs.
struct ControlInputs {
  int count = 0;
  int pitch = -1, periodicity = -1;  // their places; -1: not among them
  int sample_rate = 0;               // Hz; 0: not known
  ControlInputs(int controls) : count(controls) {}
  ControlInputs(const std::vector<std::string>& controls, int sample_rate);
};

// What the training, evaluation and export of any autoencoder need to know of it. A mel_vae's graphs are empty.
struct ModelGraphs {
  Graph encoder;    // "audio" -> "bands", "mean", and "scale" where the latent has two statistics
  Graph decoder;    // "latent", "controls" -> "bands", "audio"; C-RAVE and F-RAVE (arXiv:2302.13542) have controls
  Graph synthesis;  // "bands" -> "audio"
  Graph whole;      // "audio", "controls" -> "audio": encoder, mean, decoder; runs as an effect on live sound
  int hop = 1;      // samples a latent frame
  int delay = 0;    // samples by which the output lags the input offline
  int latent_size = 0;
  ControlInputs inputs = 0;
  int controls = 0;
  uint64_t network = 0;  // a mel_vae's hash

  bool stream() const { return !whole.nodes().empty(); }
  // Checkpoints carry it and refuse another network.
  uint64_t hash() const { return stream() ? whole.hash() : network; }
};

// components: 0, or the number of principal components that replace the latent between encoder and decoder. The layers
// "latent/components" and "latent/basis" convert; nn/latent_space.h has their weights.
// Error when the config has an excitation and the controls lack what it plays by.
ModelGraphs describe(const AutoencoderConfig& config, const ControlInputs& controls, int components = 0);
// Does its decoder play an excitation at the pitch that a control asks for?
bool has_excitation(const ModelConfig& config);
int hop(const AutoencoderConfig& config);
const LatentConfig& latent_of(const AutoencoderConfig& config);
// Of encoder and decoder together.
Measure measure(const AutoencoderConfig& config, const ControlInputs& controls);

}  // namespace nr
