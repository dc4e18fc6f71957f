// The training step.
#pragma once
#include "training/run.h"

namespace nr {

// Trains the run's next step and counts it. -> every loss that was computed; with `watch`, those that the system
// watches too.
Terms train_step(Run& run, Phase& phase, bool watch);

// The phase's losses over the validation split, "validation/<loss>": without gradients and chance, the same batches
// every time. One that only validation measures is left out where no batch defines it.
std::map<std::string, double> validate(Run& run, const Phase& phase);

}  // namespace nr
