// Elementary functions of every lane (the polynomials of Cephes' logf and expf).
#pragma once
#include "dsp/simd.h"

namespace nr {

// The square root.
template <int W>
NR_KERNEL Floats<W> root_of(const Floats<W>& of) {
  Floats<W> x = of;
  for (int l = 0; l < W; ++l) x[l] = __builtin_sqrtf(x[l]);
  return x;
}

// The natural logarithm, within 2 units in the last place. x: normal and positive.
template <int W>
NR_KERNEL Floats<W> log_of(const Floats<W>& x) {
  using F = Floats<W>;
  using I = Ints<W>;
  const I bits = (I)x;
  const I exponent = (bits - 0x3f3504f3) >> 23;  // so that the mantissa lies around 1, from sqrt(1/2) to sqrt(2)
  const I rest = bits - (exponent << 23);
  const F m = (F)rest - 1.f;
  const F e = __builtin_convertvector(exponent, F);
  F p = m * 7.0376836292e-2f - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  const F square = m * m;
  return m + (p * m * square + e * -2.12194440e-4f - 0.5f * square) + e * 0.693359375f;
}

// e^x, within 2 units in the last place where -87 <= x <= 87; beyond, that of the nearer end. Of NaN: NaN.
template <int W>
NR_KERNEL Floats<W> exp_of(const Floats<W>& x) {
  using F = Floats<W>;
  using I = Ints<W>;
  F c = x < -87.f ? F{} - 87.f : x;
  c = c > 87.f ? F{} + 87.f : c;
  const F turns = c * 1.44269504088896341f;
  const I n = __builtin_convertvector(turns + (turns < 0.f ? F{} - 0.5f : F{} + 0.5f), I);
  const F whole = __builtin_convertvector(n, F), r = (c - whole * 0.693359375f) + whole * 2.12194440e-4f;
  F p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return (p * r * r + r + 1.f) * (F)((n + 127) << 23);
}

}  // namespace nr
