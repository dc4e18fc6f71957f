// Losses of a note classifier, which learns from recorded notes and teaches a decoder to obey its conditions.
#pragma once
#include "losses/table.h"

namespace nr {

// Cross-entropy of the classes of recorded notes, nats, summed over the conditions.
torch::Tensor note_classification(const LossInput& in);
// The same of notes that were decoded with the conditions of other notes: are they heard?
torch::Tensor exchange_classification(const LossInput& in);

}  // namespace nr
