// Eight times the sample rate and back, of a stream, by filters of linear phase (Kaiser windows, 100 dB; flat to 0.44
// of the rate). Between both ways a nonlinear function may make partials up to four times the rate before they come
// back as aliases. All filters are half-band but the last: a half-band filter would let in what lies up to a tenth
// above half the rate.
#pragma once
#include <vector>

namespace nr {

class HalfBand {
 public:
  explicit HalfBand(int side);  // coefficients that are not 0 on each side of the middle
  void up(const float* x, int count, float* y);    // y: 2 count, delayed by 2 side - 1 of its samples
  void down(const float* x, int count, float* y);  // x: 2 count; y delayed by 2 side - 1 of x's samples

 private:
  int side_;
  std::vector<float> taps_;               // [2 side]
  std::vector<float> past_, other_, row_;  // of the filtered and of the delayed phase; work
};

class Halver {
 public:
  static constexpr int kDelay = 127;  // of x's samples
  Halver();
  void down(const float* x, int count, float* y);  // x: 2 count

 private:
  std::vector<float> even_, odd_, even_past_, odd_past_, row_;  // taps, and the two phases' samples
};

class Oversampler {
 public:
  static constexpr int kFactor = 8, kLatency = 104;  // samples from up()'s input to down()'s output

  void up(const float* x, int count, float* y);    // y: kFactor * count
  void down(const float* x, int count, float* y);  // x: kFactor * count

 private:
  HalfBand up_[3] = {HalfBand(32), HalfBand(7), HalfBand(5)}, down_[2] = {HalfBand(5), HalfBand(7)};
  Halver last_;
  float held_ = 0;  // at four times the rate, so that the latency is whole
  std::vector<float> two_, four_;
};

}  // namespace nr
