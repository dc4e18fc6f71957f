// Pseudo quadrature mirror filter bank: `bands` cosine-modulated copies of one Kaiser low-pass (Nguyen 1994; RAVE, arXiv:2111.05011, 3.3).
#pragma once
#include <vector>

namespace nr {

struct Pqmf {
  int bands = 0;
  int taps = 0;                  // odd
  std::vector<float> analysis;   // [bands][taps], correlation order: convolution weights [bands, 1, taps] at stride `bands`
  std::vector<float> synthesis;  // [bands][taps], impulse responses: transposed-convolution weights [bands, 1, taps] at stride `bands`
};

// The prototype's cutoff minimises the worst autocorrelation at lags 2 * bands * k. bands >= 2.
Pqmf design_pqmf(int bands, double attenuation_db);

}  // namespace nr
