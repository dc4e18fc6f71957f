// Fundamental frequency by YIN (de Cheveigne and Kawahara 2002), with two differences. The difference function is the
// mean over the samples that overlap, not a sum, so that long periods are measured as well as short ones. The period is
// the first trough near the deepest one, not the first below a fixed threshold, which makes fewer octave errors.
// tests/bench/pitch_accuracy finds the note within 50 cents in 98.7 % of the frames of 1,432 recorded notes.
#pragma once
#include <array>
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
  static constexpr float kVoiced = 0.7f;            // least confidence at which a frame has a pitch

  // Periods of at most two thirds of the window (samples) are looked for. Error for a window that holds none.
  Yin(int sample_rate, int window, double low_hz = kLow, double high_hz = kHigh);
  // samples: [window]. Neither allocates.
  Pitch of(const float* samples);
  // Of one frame after another. A pitch that leaves the median of the last voiced ones by more than half an octave is
  // taken back to a trough near that median, if there is one about as deep: less than half as many leaps of an octave
  // within a note. The median is of what `of` finds, so a wrong octave at a note's start does not stay.
  Pitch next(const float* samples);
  void reset();  // before another signal

 private:
  bool trough(int lag) const;
  double vertex(int lag) const;  // the least point of the parabola through a trough and its neighbours, in samples
  double period(int lag) const;
  Pitch at(int lag) const;
  int trough_near(double lag) const;  // 0: none that counts

  int sample_rate_, window_, min_period_, max_period_;
  RealFft fft_;
  std::vector<float> padded_, correlation_, normalised_;  // normalised_[lag]: d'(lag), equation (8)
  std::vector<std::complex<float>> spectrum_;
  std::array<float, 15> voiced_ = {};  // Hz, the newest in a ring
  int count_ = 0, gap_ = 0;            // of voiced frames; of frames since the last one
};

}  // namespace nr
