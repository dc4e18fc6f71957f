#include "dsp/saturation.h"

#include <cstring>

#include "dsp/vector_math.h"

namespace nr {
namespace {

struct Numbers {
  float* x;
  int count;
};

// `of` of |x|, with x's sign; the last ones with zeros behind them.
template <int W, class Function>
NR_KERNEL void odd(Numbers& n, const Function& of) {
  using F = Floats<W>;
  using I = Ints<W>;
  const auto one = [&](const F& x) __attribute__((always_inline)) {
    const F y = of((F)((I)x & 0x7fffffff));
    return (F)((I)y | ((I)x & int(0x80000000)));
  };
  int i = 0;
  for (; i + W <= n.count; i += W) {
    F& x = *reinterpret_cast<F*>(n.x + i);
    x = one(x);
  }
  if (i == n.count) return;
  F rest{};
  std::memcpy(&rest, n.x + i, (n.count - i) * sizeof(float));
  rest = one(rest);
  std::memcpy(n.x + i, &rest, (n.count - i) * sizeof(float));
}

template <int W>
NR_KERNEL void tanh_kernel(Numbers& n) {
  using F = Floats<W>;
  odd<W>(n, [](const F& x) __attribute__((always_inline)) {
    // Below 1/8 the difference would lose digits: Taylor's series.
    const F square = x * x, difference = 1.f - 2.f / (exp_of<W>(2.f * x) + 1.f);
    const F series = x * (1.f + square * (-0.33333333f + square * (0.13333333f - 0.053968254f * square)));
    return F(x < 0.125f ? series : difference);
  });
}
NR_AT_WIDEST(tanh_all, tanh_kernel, Numbers)

template <int W>
NR_KERNEL void arctangent_kernel(Numbers& n) {
  using F = Floats<W>;
  odd<W>(n, [](const F& x) __attribute__((always_inline)) {  // Cephes' atanf
    const F z = 1.57079632679f * x;
    const F a = z > 2.414213562f ? F(-1.f / z) : z > 0.414213562f ? F((z - 1.f) / (z + 1.f)) : z;
    const F base = z > 2.414213562f ? F{} + 1.57079632679f : z > 0.414213562f ? F{} + 0.785398163397f : F{};
    const F s = a * a;
    const F p = ((8.05374449538e-2f * s - 1.38776856032e-1f) * s + 1.99777106478e-1f) * s - 3.33329491539e-1f;
    return F(0.636619772368f * (base + p * s * a + a));
  });
}
NR_AT_WIDEST(arctangent_all, arctangent_kernel, Numbers)

template <int W>
NR_KERNEL void exponential_kernel(Numbers& n) {
  using F = Floats<W>;
  odd<W>(n, [](const F& x) __attribute__((always_inline)) { return F(1.f - exp_of<W>(-x)); });
}
NR_AT_WIDEST(exponential_all, exponential_kernel, Numbers)

}  // namespace

void tanh_of_all(float* x, int count) {
  Numbers n{x, count};
  tanh_all(n);
}
void arctangent_of_all(float* x, int count) {
  Numbers n{x, count};
  arctangent_all(n);
}
void exponential_of_all(float* x, int count) {
  Numbers n{x, count};
  exponential_all(n);
}

}  // namespace nr
