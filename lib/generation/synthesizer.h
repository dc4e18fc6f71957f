// A decoder ready to be streamed: of a run, lowered to floats, or of a program file, in its own precision. Torch-free.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "descriptors/scale.h"
#include "export/runtime/program.h"

namespace nr {

struct Synthesizer {
  const nr_program* program = nullptr;
  int sample_rate = 0;                  // Hz
  std::vector<Scale> scales{};          // one a control, in order
  std::vector<float> latent{};          // [frames][channels], physical: what is played forth and back
  std::shared_ptr<const void> owner{};  // of the program
};

// run: a run folder, a checkpoint, or a program file (.nrp). latent: "mean" of the run, or a recording, at most 60
// seconds of it, encoded by the run. A program file knows no mean: it is that of its own test, and it has no encoder.
// Error when it cannot be read, or does not make audio of a latent and controls.
Synthesizer open_synthesizer(const std::string& run, const std::string& latent);

}  // namespace nr
