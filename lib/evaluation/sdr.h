// Scale-invariant signal-to-distortion ratio (Le Roux et al., arXiv:1811.02508). No torch.
#pragma once
#include <vector>

namespace nr {

// dB, between -200 and 200. Power of the projection of `estimate` on `reference` over the power of the rest. NaN for a
// silent reference. Error when the sizes differ.
double si_sdr(const std::vector<float>& reference, const std::vector<float>& estimate);

}  // namespace nr
