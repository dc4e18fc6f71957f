// Sound from one rate to another, sample by sample: a windowed sinc at any ratio. Memory is taken at the start only.
#pragma once
#include <cstddef>
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
  static constexpr int kZeros = 16, kPhases = 256;  // of the sinc on either side; places between two input samples
  const float* row(int phase) const { return rows_.data() + std::size_t(phase) * std::size_t(taps_); }

  double step_;              // input samples an output sample
  int half_ = 0, taps_ = 0;  // input samples on either side; in a row, a multiple of 8
  std::vector<float> rows_;  // [kPhases + 1][taps]: the windowed sinc at a place between two input samples
  std::vector<float> ring_;  // the newest samples, twice, so that every run of them lies in one piece
  std::size_t size_;         // of the ring
  long long written_ = 0, whole_ = 0;  // input samples; of the position
  double part_ = 0;
};

}  // namespace nr
