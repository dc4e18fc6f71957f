// What was not asked for: descriptors that are no control, and the quality of sound whose controls are exchanged.
#pragma once
#include <vector>

#include "evaluation/table.h"

namespace nr {

// Spearman over the clip's interior frames, of the reconstruction against the original. Headline: the mean. Parts: each
// descriptor. Empty for a model whose latent frames are longer than the window.
std::vector<Number> unasked(const Observation&, const std::vector<Scale>&);

// Level in dB over the latent frames whose asked level is below -60 dB. Empty for a model without a control for it.
std::vector<Number> silent_energy_exchanged(const Observation&, const std::vector<Scale>&);
std::vector<Number> clipped_exchanged(const Observation&, const std::vector<Scale>&);

}  // namespace nr
