// How much of a note lies in its harmonics. No torch.
#pragma once
#include <vector>

namespace nr {

// Total harmonic distortion: the amplitude of partials 2 to 20 below half the sample rate, their powers added, over
// that of the fundamental, which is sought within 3 % of `hertz`. Of the loudest half second, under a Hann window; a
// shorter sound whole. NaN when there is no fundamental. Of a pure tone it is what an effect adds.
double harmonic_distortion(const std::vector<float>& samples, int sample_rate, double hertz);

// Hz: the median of YIN's pitch where the note is periodic; NaN where it never is.
double note_pitch(const std::vector<float>& samples, int sample_rate);

}  // namespace nr
