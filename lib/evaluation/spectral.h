// Distances between spectra, for one clip at a time.
#pragma once
#include <vector>

namespace nr {

// RAVE's distance (arXiv:2111.05011, 3.2) of one clip instead of a batch: the sum of
//   |X-Y|_F / |X|_F + mean |ln(X + 1e-7) - ln(Y + 1e-7)|
// over Hann windows of 2048, 1024, 512, 256 and 128 samples, each with a quarter of it as hop, reflected ends and
// magnitudes / sqrt(window). NaN when x is silent.
double multi_scale_stft(const std::vector<float>& x, const std::vector<float>& y);

// [frames][mels] row by row: natural logarithm, floored at ln 1e-5, of `mels` Slaney bands of the magnitude spectrum.
struct MelSpectrogram {
  std::vector<float> values;
  int frames = 0, mels = 0;
};
MelSpectrogram log_mel(const std::vector<float>& samples, int sample_rate, int window, int hop, int mels);

int mel_window(int sample_rate);  // samples: about 60 ms

// Mean absolute difference of 80 log-mel bands, in nats. Windows of mel_window, a quarter of a window as hop.
double log_mel_l1(const std::vector<float>& x, const std::vector<float>& y, int sample_rate);

// The same of power, not of its logarithm, as neurorave's published figures: 512 bands on HTK's scale, windows of 2048
// samples, hop 512. Loud sounds decide it, and it grows with the square of the level.
double power_mel_l1(const std::vector<float>& x, const std::vector<float>& y, int sample_rate);

// Root of the mean square difference over bins in dB, both floored 80 dB below x's maximum; mean over windows as of
// log_mel_l1.
double log_spectral_distance(const std::vector<float>& x, const std::vector<float>& y, int sample_rate);

// How much more y than x holds at the edges of a filter bank's equal bands, where what the bands alias does not cancel
// if they do not fit one another: the mean over the edges of the level of the strongest of three bins of 8 Hz (at 16
// kHz) above the median of those around, in dB. NaN for one band or none.
double band_edge_level(const std::vector<float>& x, const std::vector<float>& y, int bands);

}  // namespace nr
