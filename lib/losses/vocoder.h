// Losses of MCNN (Arik, Jun and Diamos, IEEE Signal Processing Letters 26(1), 2019), means over training.stft_sizes.
// Spectra are centred Hann STFTs, hop size / 4. A: of target.audio, B: of decoded.audio.
#pragma once
#include "losses/table.h"

namespace nr {

torch::Tensor spectral_convergence(const LossInput& in);  // | |A| - |B| | / | |A| |, Frobenius norms
torch::Tensor log_magnitude(const LossInput& in);         // sum |ln(|A| + e) - ln(|B| + e)| / sum |ln(|A| + e)|
// Mean difference of the phases' steps from frame to frame, as |exp(i a) - exp(i b)|: radians where it is small, and
// without the jump of a wrapped phase, whose L1 the paper takes.
torch::Tensor instantaneous_frequency(const LossInput& in);
// Mean | |A| |B| - Re A Re B - Im A Im B |, over the mean of |A|^2: 0 where all phases are the target's. The paper's is
// not relative, so that quiet notes count for nothing.
torch::Tensor weighted_phase(const LossInput& in);

}  // namespace nr
