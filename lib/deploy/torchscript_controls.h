// The controls of a TorchScript model: attributes in the units in which one reads them, which are set, or follow what
// is heard.
#pragma once
#include <torch/script.h>

#include <string>
#include <vector>

#include "deploy/shipment.h"
#include "deploy/torchscript_source.h"

namespace nr {

// Adds the module "controls" and, to `model`, getters and setters as nn~ calls them. For every control C:
//   C         float, in its unit (of levels dB); set values are smoothed over frames and limited to the model's range
//   C_follow  bool, of those that can be measured: in forward(), as the sound that comes in has it; true at first
//   transpose float, semitones above a pitch that is followed
// controls.of(batch, frames) and controls.heard(audio) give [batch, controls, frames] in [-1, 1].
// -> the attributes' names.
std::vector<std::string> add_controls(const Shipment& shipment, ScriptWriter& writer, torch::jit::Module& model);

}  // namespace nr
