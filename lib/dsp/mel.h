// Mel filter bank on Slaney's scale (linear below 1 kHz, logarithmic above), triangles of unit area: librosa's default.
#pragma once
#include <vector>

namespace nr {

double hz_to_mel(double hz);
double mel_to_hz(double mel);

// [mels][n_fft / 2 + 1], from `low` to `high` Hz (0: half the sample rate); times a power (or magnitude) spectrum gives
// mel bands.
std::vector<float> mel_filters(int sample_rate, int n_fft, int mels, double low = 0, double high = 0);

}  // namespace nr
