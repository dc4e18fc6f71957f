// Sound from spectra without phases.
#pragma once
#include <torch/types.h>

namespace nr {

// Centred STFT with a Hann window and zeros around the signal: [batch, samples] -> complex [batch, window / 2 + 1,
// samples / step]. Frame t lies around sample t * step.
torch::Tensor short_time_spectra(const torch::Tensor& audio, int window, int step);

// Its absolute values. Where no gradient is asked for, in floats on the CPU by dsp/frame_magnitudes.h.
torch::Tensor short_time_magnitudes(const torch::Tensor& audio, int window, int step);

// Its inverse, complex [batch, window / 2 + 1, frames] -> [batch, frames * step]: overlapped, added and divided by the
// windows' own sum, but by no less than half of its maximum: the last samples fade. It has a gradient.
torch::Tensor signal_of(const torch::Tensor& spectra, int window, int step);

// Signals whose magnitudes come close to those given, [batch, window / 2 + 1, frames] -> [batch, frames * step]:
// Griffin and Lim's projections (1984), `fast` with the momentum of Perraudin, Balazs and Sondergaard's variant (2013),
// 0.99, from the same random phases at every call.
torch::Tensor griffin_lim(const torch::Tensor& magnitude, int window, int step, int rounds, bool fast = true);

// Nonnegative x of least squares |filters x - bands|, [batch, bins, frames], by multiplicative updates from the
// transposed filters. filters: [mels, bins], bands: [batch, mels, frames], both nonnegative.
torch::Tensor unfold_bands(const torch::Tensor& filters, const torch::Tensor& bands);

}  // namespace nr
