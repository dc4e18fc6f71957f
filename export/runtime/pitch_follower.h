// Pitch, periodicity and power of live sound, by YIN (de Cheveigne and Kawahara 2002) on the sound at about 8 kHz: 125
// measurements a second, each of the newest 32 ms and what lies up to 20 ms before them. No heap, no C library; what it
// costs does not depend on the sound.
#pragma once
#include <stdint.h>

namespace nr {

struct Heard {
  // log2 of Hz: the median of the last three measurements, and the last voiced pitch where there is none; at first
  // 320 Hz
  float octaves = 8.32192809f;
  float periodicity = 0;  // 1 - d'(period): 1 for a periodic sound, about 0 for noise and silence; mean of a tick
  float power = 0;        // mean square of the tick's samples
};

class PitchFollower {
 public:
  // Hz; up to 96 kHz. Follows 50 to 2000 Hz.
  explicit PitchFollower(int sample_rate);
  // The next samples, in [-1, 1]: a tick's. Measures as often as they complete 8 ms.
  Heard hear(const float* samples, int count);

 private:
  // At the lower rate, which lies in (4.4, 8.9] kHz for all usual rates:
  static constexpr int kHop = 64, kWindow = 256, kLags = 184, kSpan = kWindow + kLags;
  void measure();
  void difference(float* d) const;
  float period(const float* d, int lag) const;

  int factor_, lags_, shortest_;
  float rate_;       // the lower one, Hz
  float least_ = 0;  // energy of a window that is no silence
  uint32_t integrators_[3] = {}, combs_[3] = {};
  float before_[2] = {};
  int phase_ = 0, fresh_ = 0, measured_ = 0;
  float sum_ = 0;                   // of the periodicities measured in this tick
  float past_[kSpan + kHop] = {};   // at the lower rate, the newest last
  float octaves_[3];                // newest first
  Heard heard_;
};

}  // namespace nr
