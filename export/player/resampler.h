// Sound from one rate to another, sample by sample: a windowed sinc at any ratio. Memory is taken at the start only.
#pragma once
#include <vector>

namespace nr {

class SincResampler {
 public:
  // Rates in Hz. room: samples that may be written before they are read.
  SincResampler(double from, double to, int room);
  // Input samples that must lie ahead of a position before it can be read. 0: equal rates, where nothing is changed.
  int ahead() const { return half_; }
  void write(float x);
  // The next output sample; false until enough is written.
  bool read(float& y);
  void reset();

 private:
  static constexpr int kZeros = 16, kSteps = 256;  // of the sinc on either side, and of the table between two of them
  float kernel(double t) const;                    // at t input samples from the middle

  double step_, cutoff_;  // input samples an output sample; of the lower rate's half, over the input's
  int half_ = 0;          // input samples on either side
  std::vector<float> table_, ring_;
  long long written_ = 0, whole_ = 0;  // input samples; of the position
  double part_ = 0;
};

}  // namespace nr
