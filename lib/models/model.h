// Every model there is. A new one: models/x.{h,cpp} with a config and the describe functions, and one line in the variant.
#pragma once
#include <variant>

#include "models/rave.h"

namespace nr {

using ModelConfig = std::variant<RaveConfig>;

// What the training, evaluation and export of any autoencoder need to know of it.
struct ModelGraphs {
  Graph encoder;    // "audio" -> "bands", "mean", "scale"
  Graph decoder;    // "latent", "controls" -> "bands", "audio"
  Graph synthesis;  // "bands" -> "audio"
  Graph whole;      // "audio", "controls" -> "audio"
  int hop = 1;      // samples a latent frame
  int delay = 0;    // samples by which the output lags the input offline
  int latent_size = 0;
  int controls = 0;
  uint64_t hash() const { return whole.hash(); }
};

ModelGraphs describe(const ModelConfig& config, int controls);

}  // namespace nr
