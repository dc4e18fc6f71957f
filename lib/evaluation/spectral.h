// Distances between spectra, for one clip at a time.
#pragma once
#include <vector>

namespace nr {

// Sum over windows of 2048, 1024, 512, 256 and 128 samples (hop a quarter, Hann, reflected ends, magnitudes /
// sqrt(window)) of |X-Y|_F / |X|_F + mean |ln(X + 1e-7) - ln(Y + 1e-7)|: RAVE's distance (arXiv:2111.05011, 3.2) of a
// clip instead of a batch. NaN when x is silent.
double multi_scale_stft(const std::vector<float>& x, const std::vector<float>& y);

// [frames][mels] row by row: natural logarithm, floored at ln 1e-5, of `mels` Slaney bands of the magnitude spectrum.
struct MelSpectrogram {
  std::vector<float> values;
  int frames = 0, mels = 0;
};
MelSpectrogram log_mel(const std::vector<float>& samples, int sample_rate, int window, int hop, int mels);

// Mean absolute difference of 80 log-mel bands, in nats; windows of about 60 ms, hop a quarter.
double log_mel_l1(const std::vector<float>& x, const std::vector<float>& y, int sample_rate);

}  // namespace nr
