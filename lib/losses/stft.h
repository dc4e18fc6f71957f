// Multi-scale spectral distance between waveforms (RAVE, arXiv:2111.05011, eq. 4; Engel et al., arXiv:2001.04643).
#pragma once
#include <torch/types.h>

#include <vector>

namespace nr {

// Magnitude of a centred (reflected) Hann STFT, hop size / 4, scaled by 1 / sqrt(size). x: [n, samples] -> [n, frames,
// size / 2 + 1]
torch::Tensor magnitude(const torch::Tensor& x, int size);

// Sum over sizes of ||X - Y||_F / ||X||_F over the whole batch (a silent clip would divide by zero alone) + mean |ln X
// - ln Y|, magnitudes floored at 1e-7. Sizes whose reflected padding the signal is too short for are left out. target,
// made: [n, channels, samples]
torch::Tensor spectral_distance(const torch::Tensor& target, const torch::Tensor& made, const std::vector<int>& sizes);

}  // namespace nr
