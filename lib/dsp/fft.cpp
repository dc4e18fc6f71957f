#include "dsp/fft.h"

#include <kiss_fftr.h>

#include "base/error.h"

namespace nr {

struct RealFft::State {
  kiss_fftr_cfg forward = nullptr, inverse = nullptr;
  ~State() { kiss_fftr_free(forward), kiss_fftr_free(inverse); }
};

bool RealFft::fits(int size) {
  if (size < 2 || size % 2) return false;
  for (const int prime : {2, 3, 5})
    while (size % prime == 0) size /= prime;
  return size == 1;  // KissFFT allocates while it transforms other primes
}

int RealFft::at_least(int size) {
  while (!fits(size)) ++size;
  return size;
}

RealFft::RealFft(int size) : size_(size), state_(new State) {
  if (!fits(size))
    fail("a transform of ", size, " samples: expected an even number without prime factors above 5, such as ",
         at_least(size));
  state_->forward = kiss_fftr_alloc(size, 0, nullptr, nullptr);
  state_->inverse = kiss_fftr_alloc(size, 1, nullptr, nullptr);
}

RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;

void RealFft::forward(const float* in, std::complex<float>* out) {
  kiss_fftr(state_->forward, in, reinterpret_cast<kiss_fft_cpx*>(out));
}

void RealFft::inverse(const std::complex<float>* in, float* out) {
  kiss_fftri(state_->inverse, reinterpret_cast<const kiss_fft_cpx*>(in), out);
}

}  // namespace nr
