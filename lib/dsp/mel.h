// Mel filter banks: Slaney's scale (linear below 1 kHz, logarithmic above), triangles of unit area: librosa's default;
// and HTK's.
#pragma once
#include <vector>

namespace nr {

double hz_to_mel(double hz);
double mel_to_hz(double mel);

// [mels][n_fft / 2 + 1], from `low` to `high` Hz (0: half the sample rate); times a power (or magnitude) spectrum gives
// mel bands.
std::vector<float> mel_filters(int sample_rate, int n_fft, int mels, double low = 0, double high = 0);
// The same from 0 to half the sample rate on HTK's scale, 2595 log10(1 + f / 700), triangles of height 1: torchaudio's
// default.
std::vector<float> htk_mel_filters(int sample_rate, int n_fft, int mels);

}  // namespace nr
