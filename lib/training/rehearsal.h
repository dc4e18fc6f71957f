// Steps of every phase before the first one, so that a later phase cannot end a run for want of memory or of a value.
#pragma once
#include "training/run.h"

namespace nr {

// Trains, in each phase that has steps left, the first and the last step in which each optimiser updates, on one batch
// of the run's, and puts everything back as it was. Does nothing for a run of one phase: its first step shows the same.
// Error that names the phase.
void rehearse(Run& run);

}  // namespace nr
