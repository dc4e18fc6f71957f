#include "dsp/activation.h"

#include <cstring>

#include "dsp/vector_math.h"

namespace nr {
namespace {

struct Numbers {
  const float *x, *dy;
  float* to;
  size_t count;
};

// `work` of all numbers, W at a time; the last ones with zeros behind them.
template <int W, class Work>
NR_KERNEL void for_all(Numbers& n, const Work& work) {
  using F = Floats<W>;
  size_t i = 0;
  for (; i + W <= n.count; i += W) {  // copied: to clang a reference to a vector is aligned as the vector
    const F x = *reinterpret_cast<const F*>(n.x + i), dy = *reinterpret_cast<const F*>(n.dy + i);
    *reinterpret_cast<F*>(n.to + i) = work(x, dy);
  }
  if (i == n.count) return;
  F x{}, dy{};
  std::memcpy(&x, n.x + i, (n.count - i) * sizeof(float));
  std::memcpy(&dy, n.dy + i, (n.count - i) * sizeof(float));
  const F y = work(x, dy);
  std::memcpy(n.to + i, &y, (n.count - i) * sizeof(float));
}

template <int W>
NR_KERNEL Floats<W> power_of(const Floats<W>& sigmoid) {
  return exp_of<W>(2.3f * log_of<W>(sigmoid));
}

template <int W>
NR_KERNEL void mod_sigmoid_kernel(Numbers& n) {
  using F = Floats<W>;
  for_all<W>(n, [](const F& x, const F&) __attribute__((always_inline)) {
    const F up = exp_of<W>(-x);  // the logarithm of a NaN is none: up - up keeps it
    return F(2.f * power_of<W>(1.f / (1.f + up)) + 1e-7f + (up - up));
  });
}
NR_AT_WIDEST(mod_sigmoid_all, mod_sigmoid_kernel, Numbers)

template <int W>
NR_KERNEL void mod_sigmoid_gradient_kernel(Numbers& n) {
  using F = Floats<W>;
  for_all<W>(n, [](const F& x, const F& dy) __attribute__((always_inline)) {
    const F up = exp_of<W>(-x), sigmoid = 1.f / (1.f + up);
    return F(dy * 4.6f * power_of<W>(sigmoid) * (sigmoid * up));
  });
}
NR_AT_WIDEST(mod_sigmoid_gradient_all, mod_sigmoid_gradient_kernel, Numbers)

}  // namespace

void mod_sigmoid(const float* x, float* y, size_t count) {
  Numbers n{x, x, y, count};
  mod_sigmoid_all(n);
}

void mod_sigmoid_gradient(const float* x, const float* dy, float* dx, size_t count) {
  Numbers n{x, dy, dx, count};
  mod_sigmoid_gradient_all(n);
}

void film(const float* x, const float* film, float* y, int channels, int frames) {
  const size_t count = size_t(channels) * frames;
  for (size_t i = 0; i < count; ++i) y[i] = x[i] + x[i] * film[i] + film[count + i];
}

void film_gradient(const float* x, const float* film, const float* dy, float* dx, float* dfilm, int channels,
                   int frames) {
  const size_t count = size_t(channels) * frames;
  for (size_t i = 0; i < count; ++i) {
    dx[i] = dy[i] + dy[i] * film[i];
    dfilm[i] = dy[i] * x[i];
    dfilm[count + i] = dy[i];
  }
}

}  // namespace nr
