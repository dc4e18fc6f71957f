// Fundamental frequency by YIN (de Cheveigne and Kawahara 2002), with the difference function as librosa 0.11 computes
// it: by FFT, samples beyond the window taken as zeros.
#pragma once
#include <complex>
#include <vector>

#include "dsp/fft.h"

namespace nr {

struct Pitch {
  float hz = 0;          // the best period's frequency, voiced or not; 0 for silence
  float confidence = 0;  // 1 - d'(period): 1 for a periodic window, about 0 for noise
};

class Yin {
 public:
  Yin(int sample_rate, int window, double low_hz = 50, double high_hz = 2000, double threshold = 0.1);
  Pitch of(const float* samples);  // [window]; never allocates

 private:
  int sample_rate_, window_, min_period_, max_period_;
  double threshold_;
  RealFft fft_;
  std::vector<float> padded_, correlation_, normalised_;  // normalised_[tau - min_period]: d'(tau), eq. (8)
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace nr
