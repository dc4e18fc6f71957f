// Fundamental frequency by SWIPE' (Camacho and Harris, J. Acoust. Soc. Am. 124, 2008): the candidate whose first and
// prime harmonics match the square root of the spectrum best. It looks at spectra where YIN looks at waveforms, so it
// can evaluate models that were trained with YIN. No row of the table: no control is measured with it.
#pragma once
#include <vector>

#include "dsp/fft.h"

namespace nr {

// A signal's pitch. Frame i is centred on sample (i + 1/2) * hop, zeros outside the signal.
struct PitchTrack {
  int hop = 1;                       // samples
  std::vector<float> hz = {};        // [frame], the best candidate, voiced or not; 0 for silence
  std::vector<float> strength = {};  // at most 1; under 0.2 for white noise
  std::vector<float> level = {};     // RMS of 64 ms

  size_t size() const { return hz.size(); }
  bool voiced(size_t frame) const;
};

// Steady harmonic tones of 30 to 3500 Hz are found within 5 cents. A tone that lacks its first two harmonics may be
// taken for a multiple of its pitch.
class Swipe {
 public:
  static constexpr double kLow = 25, kHigh = 4400;  // Hz; at most a quarter of the rate
  static constexpr double kSeconds = 0.016;         // from frame to frame
  // A frame is voiced from this strength on, if it is louder than -80 dBFS.
  static constexpr float kVoiced = 0.3f, kQuietest = 1e-4f;

  explicit Swipe(int sample_rate);  // Error below 200 Hz
  PitchTrack track(const std::vector<float>& samples);

 private:
  // Spectra with windows of eight periods of one pitch.
  struct Resolution {
    RealFft fft;
    std::vector<float> window, root;  // root: of the magnitude, [bin]
    double bin_hz;
  };
  // Its match is interpolated between the resolutions `lower` and `lower + 1`.
  struct Candidate {
    double octaves;            // above kLow
    int lower = 0, first = 0;  // first: place in frequencies_ from which on the kernel is given
    float share = 0;           // of resolution lower + 1
    std::vector<float> kernel = {};
  };

  Candidate candidate(double octaves) const;
  void look(const std::vector<float>& samples, int64_t centre);
  float strength(const Candidate& candidate) const;
  // Hz: least squares of the spectrum's peaks near its harmonics, each weighted by its power.
  double refined(const Candidate& candidate) const;

  int sample_rate_;
  std::vector<Resolution> resolutions_;       // for kLow, 2 kLow, 4 kLow, ...
  std::vector<double> frequencies_;           // evenly spaced in ERBs
  std::vector<Candidate> candidates_;         // evenly spaced in octaves
  std::vector<std::vector<float>> loudness_;  // [resolution][frequency], each of length 1
  std::vector<float> windowed_;
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace nr
