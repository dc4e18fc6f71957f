// Impulse responses by amplitude: what filters noise to a spectrum drawn by a few points (Engel et al., DDSP, arXiv:2001.04643, 3.5).
#pragma once
#include <vector>

namespace nr {

// [bins][taps], taps = 2 bins - 3: the inverse DFT of amplitude 1 in one bin of 0 ... half the rate, zero phase, under a Hann window that
// ends where it is zero, delayed by (taps - 1) / 2 to be causal (RAVE lets the taps of negative time come a frame later). bins >= 2.
std::vector<float> design_frame_filter(int bins);

}  // namespace nr
