// The Fourier transform of real signals, in single precision. KissFFT stays behind fft.cpp.
#pragma once
#include <complex>
#include <memory>

namespace nr {

class RealFft {
 public:
  explicit RealFft(int size);  // even, of the primes 2, 3 and 5 only; Error for another
  ~RealFft();
  RealFft(RealFft&&) noexcept;
  int size() const { return size_; }
  int bins() const { return size_ / 2 + 1; }
  // Never allocate. out[k] = sum in[n] e^(-2 pi i k n / size), k = 0 ... size / 2.
  void forward(const float* in, std::complex<float>* out);
  void inverse(const std::complex<float>* in, float* out);  // without 1 / size

  static bool fits(int size);
  static int at_least(int size);  // the smallest size that fits

 private:
  struct State;
  int size_;
  std::unique_ptr<State> state_;
};

}  // namespace nr
