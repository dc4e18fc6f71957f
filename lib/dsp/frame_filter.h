// Impulse responses that filter noise to a spectrum given by a few amplitudes (Engel et al., DDSP, arXiv:2001.04643,
// 3.5).
#pragma once
#include <vector>

namespace nr {

// [bins][taps], taps = 2 bins - 3: the inverse DFT of amplitude 1 in one bin of 0 ... half the rate, with zero phase,
// under a Hann window without its zeros, delayed by (taps - 1) / 2 to be causal. RAVE instead wraps the taps of
// negative time to the frame's end. bins >= 2.
std::vector<float> design_frame_filter(int bins);

// A filter for every frame: y[c][t] = sum over i, k of amplitudes[c bins + i][t] responses[i][k] signal[c][t - k], with
// a signal that is 0 before its start. [channels][frames] each but for the amplitudes, [channels bins][frames].
struct FrameFilter {
  const float* responses;
  int bins, taps, channels, frames;
};
void filter_frames(const FrameFilter& f, const float* amplitudes, const float* signal, float* y);
// The amplitudes' gradient.
void filter_frames_gradient(const FrameFilter& f, const float* signal, const float* dy, float* damplitudes);

}  // namespace nr
