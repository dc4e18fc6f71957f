// The training step.
#pragma once
#include "training/run.h"

namespace nr {

// Trains the run's next step on a batch (of run.training, or a rehearsal's) and counts it. -> every loss that was
// computed; with `watch`, those that the system watches too.
Terms train_step(Run& run, Phase& phase, const Batch& batch, bool watch);

struct Validation {
  // "validation/<loss>": the phase's losses over the validation split. One that only validation measures is left out
  // where no batch defines it.
  std::map<std::string, double> means;
  std::map<std::string, torch::Tensor> shown;  // of the first batch, where asked for: values to be shown (show.h)
};
// Without gradients and chance, the same batches every time.
Validation validate(Run& run, const Phase& phase, bool shows);

}  // namespace nr
