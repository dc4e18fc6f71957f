// YIN (descriptors/yin.h) as a TorchScript module: every frame by itself, as Yin::of().
#pragma once
#include "deploy/torchscript_source.h"
#include "descriptors/descriptor.h"

namespace nr {

// forward([batch, frames, window]) -> Hz and confidence, each [batch, frames]; both 0 in silence.
torch::jit::Module pitch_module(const Framing& framing, ScriptWriter& writer);

}  // namespace nr
