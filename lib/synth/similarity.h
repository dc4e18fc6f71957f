// How far a sound that was rendered again is from the one that was asked for: the measures of synthesizer inference.
// SC, MSE and LM are those of Flow synthesizer (Esling et al., Appl. Sci. 10(1):302, 2020), the others those of Hayes,
// Saitis and Fazekas (2025).
#pragma once
#include <array>
#include <cstddef>
#include <vector>

namespace nr {

// Power of `mels` Slaney bands, [frames][mels]: a centred Hann STFT with zeros around the sound.
struct MelPower {
  std::vector<double> values;
  int frames = 0, mels = 0;
};
struct MelShape {
  int sample_rate = 22050, window = 2048, hop = 1024, mels = 64;
  double low = 30, high = 11000;  // Hz; high is at most half the rate
};
MelPower mel_power(const std::vector<float>& samples, const MelShape& shape);

// Mel power in dB of 10, 25, 100 ms every 5, 10, 50 ms in 32, 64, 128 bands, floored at -80 dB.
struct MultiScaleLevels {
  // length: samples; a sound is cut to it, or continued with silence. 0: its own.
  MultiScaleLevels(std::vector<float> samples, int sample_rate, size_t length = 0);
  std::array<std::vector<double>, 3> scales;
};
// dB, of sounds of the same length: MSS, by itself. Error when the lengths differ.
double mean_difference(const MultiScaleLevels& a, const MultiScaleLevels& b);

// The same of any two sounds; the shorter is continued with silence.
double mss(const std::vector<float>& target, const std::vector<float>& made, int sample_rate);

struct SoundDistances {
  double sc = 0;     // |M - N| / |M| (Frobenius) of mel powers, 64 bands of 30 Hz to 11 kHz; NaN where M is silent
  double mse = 0;    // mean (M - N)^2 of the same, of sound at full scale 1
  double lm = 0;     // sum |ln M - ln N| / sum |ln M| of the same, M and N + 1e-9
  double mss = 0;    // mean_difference() of MultiScaleLevels, dB
  double wmfcc = 0;  // mean |difference| of 20 MFCC (128 bands, 50 ms every 10) along the best time warping
  // Mean 1-D Wasserstein distance of normalised magnitude spectra, 50 ms every 20; half the rate is 1. Frames in which
  // both are below about -70 dB of full scale do not count.
  double sot = 0;
  double rms = 0;    // cosine of the RMS envelopes, 50 ms every 25: 1 is best
};
// Both at the same rate; the shorter is continued with silence.
SoundDistances compare_sounds(const std::vector<float>& target, const std::vector<float>& made, int sample_rate);

}  // namespace nr
