// What `model:` of a run may be. The type in YAML chooses the system that is trained: systems/table.cpp has a row for each.
#pragma once
#include <variant>

#include "models/mel_vae.h"
#include "models/prior.h"
#include "models/rave.h"
#include "models/rave_v2.h"

namespace nr {

using AutoencoderConfig = std::variant<RaveConfig, RaveV2Config, MelVaeConfig>;
using ModelConfig = std::variant<RaveConfig, RaveV2Config, MelVaeConfig, PriorConfig>;

const char* type_of(const ModelConfig& config);
const char* type_of(const AutoencoderConfig& config);
AutoencoderConfig autoencoder_of(const ModelConfig& config);  // Error that names the type of another model

// What the training, evaluation and export of any autoencoder need to know of it. A mel_vae's graphs are empty.
struct ModelGraphs {
  Graph encoder;    // "audio" -> "bands", "mean", and "scale" where the latent has two statistics
  Graph decoder;    // "latent", "controls" -> "bands", "audio"; C-RAVE and F-RAVE (arXiv:2302.13542) have controls
  Graph synthesis;  // "bands" -> "audio"
  Graph whole;      // "audio", "controls" -> "audio": encoder, mean, decoder, what an effect on live sound runs
  int hop = 1;      // samples a latent frame
  int delay = 0;    // samples by which the output lags the input offline
  int latent_size = 0;
  int controls = 0;
  uint64_t network = 0;  // a mel_vae's hash

  bool stream() const { return !whole.nodes().empty(); }
  uint64_t hash() const { return stream() ? whole.hash() : network; }  // checkpoints carry it and refuse another network
};

// components: 0, or how many principal components of the latent the encoder gives and the decoder takes in its place, through the layers
// "latent/components" and "latent/basis" (nn/latent_space.h has their weights).
ModelGraphs describe(const AutoencoderConfig& config, int controls, int components = 0);
int hop(const AutoencoderConfig& config);
const LatentConfig& latent_of(const AutoencoderConfig& config);
// Of encoder and decoder together.
Measure measure(const AutoencoderConfig& config, int controls);

}  // namespace nr
