// Magnitudes of the spectra of overlapping frames, and their gradient: the kernel of losses/descriptors.h.
#pragma once

namespace nr {

// Frame i of a row begins `before` samples before sample i hop; the row is 0 where it has no samples.
struct FrameMagnitudes {
  int window, hop, frames, before;
  int rows, samples;
  int bins() const { return window / 2 + 1; }
};

bool has_frame_magnitudes(int window, int hop);  // a power of two, 16 or more, and a multiple of the hop

// audio: [rows, samples]. magnitudes: [rows, frames, bins] under a Hann window; energies: [rows, frames], the sums of
// the windowed frames' squares.
void frame_magnitudes(const FrameMagnitudes& f, const float* audio, float* magnitudes, float* energies);
// From the magnitudes' gradients the audio's. A magnitude of 0 gives none.
void frame_magnitudes_gradient(const FrameMagnitudes& f, const float* audio, const float* gradients,
                               float* audio_gradient);

}  // namespace nr
