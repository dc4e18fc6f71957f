// Fundamental frequency by YIN (de Cheveigne and Kawahara 2002), with two differences. The difference function is the
// mean over the samples that overlap, not a sum, so that long periods are measured as well as short ones. The period is
// the first trough near the deepest one, not the first below a fixed threshold: fewer octave errors (0.93 of the voiced
// frames of recorded notes have the note's pitch, 0.91 with the threshold; numbers by tests/bench/pitch_accuracy).
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
  static constexpr double kLow = 27, kHigh = 4200;  // Hz: a piano's keys

  // Periods of at most two thirds of the window (samples) are looked for. Error for a window that holds none.
  Yin(int sample_rate, int window, double low_hz = kLow, double high_hz = kHigh);
  Pitch of(const float* samples);  // [window]; never allocates

 private:
  bool trough(int lag) const;
  double vertex(int lag) const;  // the least point of the parabola through a trough and its neighbours, in samples
  double period(int lag) const;

  int sample_rate_, window_, min_period_, max_period_;
  RealFft fft_;
  std::vector<float> padded_, correlation_, normalised_;  // normalised_[lag]: d'(lag), equation (8)
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace nr
