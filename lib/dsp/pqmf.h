// Pseudo quadrature mirror filter bank: `bands` cosine-modulated copies of one Kaiser low-pass (Nguyen 1994; RAVE,
// arXiv:2111.05011, 3.3).
#pragma once
#include <vector>

namespace nr {

struct Pqmf {
  int bands = 0;
  int taps = 0;                  // odd
  // [bands][taps], both used at stride `bands`:
  std::vector<float> analysis;   // weights [bands, 1, taps] of a convolution, so in correlation order
  std::vector<float> synthesis;  // weights [bands, 1, taps] of a transposed convolution, so impulse responses
};

// The prototype's cutoff minimises its largest autocorrelation at lags 2 * bands * k, k > 0. bands >= 2.
Pqmf design_pqmf(int bands, double attenuation_db);

}  // namespace nr
