// What an audio effect does to a sound, learned from pairs of dry and wet sound (data.pairs). Three directions with the
// same encoder and decoder, those of notes (models/wae.h); nn/effects.h holds what else they need, and the model does
// not stream.
#pragma once
#include <string>
#include <vector>

#include "models/regressor.h"
#include "models/wae.h"

namespace nr {

struct EffectsConfig : NoteNetworksConfig, RegressorConfig {
  static constexpr const char* kType = "effects";
  // transfer: the dry sound is encoded, and what the wet one has more or less in every band decoded, given the effect
  // and its parameters.
  // topology: both are encoded and decoded. In the reserved dimensions the latent moves from dry to wet by a linear map
  // of effect and parameters, in the others it stays, as far as the losses shift_within and shift_outside ask for it.
  // matching: the wet sound alone is encoded and decoded, and a regressor infers effect and parameters from the latent.
  std::string direction = "transfer";
  bool both_ways = true;          // of transfer: from the wet sound to the dry one too
  int reserved = 8;               // of topology: the first dimensions of the latent
  std::vector<int> critic_widths{256, 256, 256};  // of the loss total_correlation

  EffectsConfig() { law = "power", step = 256, mels = 80, frames = 64, high = 8000, latent_size = 32, dropout = 0; }

  template <class V>
  void fields(V& v) {
    v("direction", direction, config::one_of({"transfer", "topology", "matching"}));
    v("both_ways", both_ways);
    v("reserved", reserved, config::between(1, 1024));
    v("critic_widths", critic_widths, config::between(1, 4096));
    encoder_fields(v);
    decoder_fields(v);
    v("griffin_lim", griffin_lim, config::between(1, 1000));
    v("dropout", dropout, config::between(0, 0.9));
    RegressorConfig::fields(v);
  }
};

}  // namespace nr
