// A model as TorchScript (.ts): what nn~ loads in Max and Pure Data, and any LibTorch. One file holds encoder, decoder
// and the whole with states of their own, for at most 64 signals at once.
#pragma once
#include <ostream>

#include "deploy/shipment.h"

namespace nr {

// Methods: encode [batch, 1, samples] -> [batch, latents, samples / hop], decode back, forward [batch, 1, samples] ->
// the same; samples: a multiple of the hop; of a prior's run also prior (torchscript_prior.h). Each `M` has what nn~
// reads: M_params, M_input_labels, M_output_labels.
// Attributes: the controls, in the units of Player's parameters. Error when the shipment has no encoder and decoder.
void write_torchscript(const Shipment& shipment, std::ostream& out);

}  // namespace nr
