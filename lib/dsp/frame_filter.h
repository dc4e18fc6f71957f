// Impulse responses that filter noise to a spectrum given by a few amplitudes (Engel et al., DDSP, arXiv:2001.04643,
// 3.5).
#pragma once
#include <vector>

namespace nr {

// [bins][taps], taps = 2 bins - 3: the inverse DFT of amplitude 1 in one bin of 0 ... half the rate, with zero phase,
// under a Hann window without its zeros, delayed by (taps - 1) / 2 to be causal. RAVE instead wraps the taps of
// negative time to the frame's end. bins >= 2.
std::vector<float> design_frame_filter(int bins);

}  // namespace nr
