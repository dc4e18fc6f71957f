// Scale-invariant signal-to-distortion ratio (Le Roux et al., arXiv:1811.02508). No torch.
#pragma once
#include <vector>

namespace nr {

// dB. The part of `estimate` along `reference` against the rest; NaN for a silent reference, bounded at +-200 dB.
double si_sdr(const std::vector<float>& reference, const std::vector<float>& estimate);

}  // namespace nr
