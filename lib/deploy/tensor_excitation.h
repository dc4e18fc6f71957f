// The noise and the pulses of a stream (export/runtime/noise.h, pulses.h) as integer formulas over whole blocks: the
// same bits.
#pragma once
#include "deploy/tensor_builder.h"

namespace nr {

// count: 0, 1, ... for every tick of the block, at most 8192 of them. -> [batch, channels, frames a tick * ticks]
Tensors draw_noise(TensorBuilder& to, Tensors count, int channels, int frames);

// pitch, periodicity: [batch, 1, frames], as a program's controls. -> [batch, 1, samples * frames]
Tensors make_pulses(TensorBuilder& to, Tensors pitch, Tensors periodicity, int rate, int samples);

}  // namespace nr
