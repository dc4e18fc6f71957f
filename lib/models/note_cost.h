// What a network that makes a whole note at once costs, and whether a Daisy could. Counted from the config; nothing of
// it was measured on a board.
#pragma once
#include <cstdint>
#include <string>

#include "models/vocoder.h"
#include "models/wae.h"

namespace nr {

struct NoteCost {
  int64_t parameters = 0;   // that training can change
  double macs = 0;          // of one note
  int64_t activations = 0;  // the most numbers that one layer reads and writes together
  double seconds = 0;       // that the note sounds
};

// classes: of all conditions together.
NoteCost encoder_cost(const WaeConfig& config, int sample_rate);
NoteCost decoder_cost(const WaeConfig& config, int64_t classes, int sample_rate);
NoteCost vocoder_cost(const VocoderConfig& config, int sample_rate);  // of model.frames
// Transforms of model.griffin_lim rounds; the mel bands' inversion is not counted.
double griffin_lim_macs(const WaeConfig& config);

// A sentence: weights in 8 bits against the board's memories, and the time of a note at the rate at which our
// convolutions of 8 bits run on its processor (export/README.md).
std::string on_a_daisy(const std::string& what, const NoteCost& cost);

}  // namespace nr
