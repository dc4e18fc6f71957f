// The sums of a spectral distance between two sets of signals, and their gradients: the kernel of losses/stft.h.
#pragma once

namespace nr {

// Magnitudes X of the target's and Y of the made signals' centred (reflected) Hann STFT, hop size / 4, scaled by
// 1 / sqrt(size), over all frames and bins.
struct SpectralSums {
  double squared_difference = 0, squared_target = 0;  // (X - Y)^2, X^2
  double log_ratio = 0;                               // |ln (X + 1e-7) - ln (Y + 1e-7)|
};

bool has_spectral_sums(int size);  // a power of two, 16 or more

// target, made: [rows, samples]; samples > size / 2. Gradients: null, or tables as made, which get those of half of
// squared_difference and of log_ratio by made. A magnitude of 0 has the gradient 0.
SpectralSums spectral_sums(const float* target, const float* made, int rows, int samples, int size,
                           float* difference_gradient, float* log_gradient);

// How many rows one call should be given: its tables then stay in a cache.
int spectral_sums_rows(int samples, int size);

}  // namespace nr
