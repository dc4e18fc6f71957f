// Operators of a graph in one pass there and one back. In floats on the CPU by dsp/, else by LibTorch.
#pragma once
#include <torch/types.h>

namespace nr {

torch::Tensor mod_sigmoid(const torch::Tensor& x);  // dsp/activation.h

// x + x scale + shift. x: [batch, channels, frames]; scale_and_shift: [batch, 2 channels, frames].
torch::Tensor film(const torch::Tensor& x, const torch::Tensor& scale_and_shift);

// Each channel of the signal through every bin's response, times the amplitudes, summed over bins: the sum over taps
// that graph.h gives, in the other order. A signal without a gradient then costs little more than a product.
// amplitudes: [batch, channels bins, frames]; signal: [batch, channels, frames ratio]; responses: [bins, taps].
torch::Tensor filter_frames(const torch::Tensor& amplitudes, const torch::Tensor& signal,
                            const torch::Tensor& responses);

}  // namespace nr
