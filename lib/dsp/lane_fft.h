// The Fourier transform of W real signals at once, one a lane of a vector, so that every step is one instruction for
// all of them. Radix 4, in place, decimated in frequency there and in time back: frequencies come out in the order in
// which the way back takes them, so nothing is ever sorted (Cooley and Tukey, 1965; Gentleman and Sande, 1966).
#pragma once
#include <vector>

#include "dsp/simd.h"

namespace nr {

class LaneFft {
 public:
  explicit LaneFft(int size);  // a power of two, 4 or more; Error for another
  static bool fits(int size) { return size >= 4 && (size & (size - 1)) == 0; }
  int size() const { return size_; }

  // data: `size` vectors, sample by sample -> size / 2 pairs of vectors, which pair() reads.
  template <int W>
  NR_KERNEL void forward(Floats<W>* data) const {
    const float* turn = turns_.data();
    int length = size_ / 2;
    for (; length > kCached; turn += 6 * (length / 4), length /= 4) stage<W, true>(data, size_ / 2, length, turn);
    for (int begin = 0; begin < size_ / 2; begin += length) stages<W>(data + 2 * begin, length, turn);
  }
  // The way back: data[t] = sum over k = 0 ... size - 1 of what set_pair() wrote, times e^(2 pi i k t / size).
  template <int W>
  NR_KERNEL void inverse(Floats<W>* data) const {
    const float* turn = turns_.data();
    int length = size_ / 2, outer = 0;
    int lengths[16];
    const float* turns[16];
    for (; length > kCached; turn += 6 * (length / 4), length /= 4) lengths[outer] = length, turns[outer++] = turn;
    for (int begin = 0; begin < size_ / 2; begin += length) stages_back<W>(data + 2 * begin, length, turn);
    while (outer--) stage<W, false>(data, size_ / 2, lengths[outer], turns[outer]);
  }

  template <int W>
  struct Bin {
    Floats<W> re, im;
  };
  template <int W>
  struct Pair {
    Bin<W> low, high;
  };
  // Bins k and size / 2 - k, for k = 0 ... size / 4. At k = 0 both are real.
  template <int W>
  NR_KERNEL Pair<W> pair(const Floats<W>* data, int k) const {
    const Floats<W>*a = data + 2 * place_[k], *b = data + 2 * place_[k ? size_ / 2 - k : 0];
    if (k == 0) return {{a[0] + a[1], Floats<W>{}}, {a[0] - a[1], Floats<W>{}}};
    const float c = split_[2 * k], s = split_[2 * k + 1];  // e^(-2 pi i k / size)
    const Floats<W> er = 0.5f * (a[0] + b[0]), ei = 0.5f * (a[1] - b[1]);
    const Floats<W> pr = 0.5f * (a[1] + b[1]), pi = 0.5f * (b[0] - a[0]);
    const Floats<W> qr = pr * c - pi * s, qi = pr * s + pi * c;
    return {{er + qr, ei + qi}, {er - qr, qi - ei}};
  }
  // The bins k and size / 2 - k of a real signal's spectrum; at k = 0 their imaginary parts are passed over.
  template <int W>
  NR_KERNEL void set_pair(Floats<W>* data, int k, const Bin<W>& low, const Bin<W>& high) const {
    Floats<W>*a = data + 2 * place_[k], *b = data + 2 * place_[k ? size_ / 2 - k : 0];
    if (k == 0) {
      const Floats<W> sum = low.re + high.re, difference = low.re - high.re;
      a[0] = sum, a[1] = difference;
      return;
    }
    const float c = split_[2 * k], s = -split_[2 * k + 1];
    const Floats<W> pr = low.re + high.re, pi = low.im - high.im;
    const Floats<W> dr = low.re - high.re, di = low.im + high.im;
    const Floats<W> qr = dr * c - di * s, qi = dr * s + di * c;
    a[0] = pr - qi, a[1] = pi + qr;
    b[0] = pr + qi, b[1] = qr - pi;
  }

 private:
  static constexpr int kCached = 256;  // complex points of which all lanes fit the first cache

  template <int W, bool there>
  NR_KERNEL static void stage(Floats<W>* data, int all, int length, const float* turn) {
    for (Floats<W>* a = data; a < data + 2 * all; a += 2 * length)
      there ? butterflies<W>(a, length / 4, turn) : butterflies_back<W>(a, length / 4, turn);
  }
  template <int W>
  NR_KERNEL static void stages(Floats<W>* data, int all, const float* turn) {
    int length = all;
    for (; length >= 4; turn += 6 * (length / 4), length /= 4) stage<W, true>(data, all, length, turn);
    if (length == 2) halves<W>(data, all);
  }
  template <int W>
  NR_KERNEL static void stages_back(Floats<W>* data, int all, const float* turn) {
    int length = all, count = 0;
    int lengths[8];
    const float* turns[8];
    for (; length >= 4; turn += 6 * (length / 4), length /= 4) lengths[count] = length, turns[count++] = turn;
    if (length == 2) halves<W>(data, all);
    while (count--) stage<W, false>(data, all, lengths[count], turns[count]);
  }
  template <int W>
  NR_KERNEL static void halves(Floats<W>* data, int all) {
    for (Floats<W>*a = data; a < data + 2 * all; a += 4) {
      const Floats<W> re = a[0] - a[2], im = a[1] - a[3];
      a[0] += a[2], a[1] += a[3];
      a[2] = re, a[3] = im;
    }
  }
  template <int W>
  NR_KERNEL static void butterflies(Floats<W>* a, int quarter, const float* turn) {
    Floats<W>*b = a + 2 * quarter, *c = b + 2 * quarter, *d = c + 2 * quarter;
    for (int j = 0; j < quarter; ++j, a += 2, b += 2, c += 2, d += 2, turn += 6) {
      const Floats<W> sr = a[0] + c[0], si = a[1] + c[1], dr = a[0] - c[0], di = a[1] - c[1];
      const Floats<W> tr = b[0] + d[0], ti = b[1] + d[1], er = b[1] - d[1], ei = d[0] - b[0];  // -i (b - d)
      a[0] = sr + tr, a[1] = si + ti;
      const Floats<W> xr = dr + er, xi = di + ei, yr = sr - tr, yi = si - ti, zr = dr - er, zi = di - ei;
      b[0] = xr * turn[0] - xi * turn[1], b[1] = xr * turn[1] + xi * turn[0];
      c[0] = yr * turn[2] - yi * turn[3], c[1] = yr * turn[3] + yi * turn[2];
      d[0] = zr * turn[4] - zi * turn[5], d[1] = zr * turn[5] + zi * turn[4];
    }
  }
  template <int W>
  NR_KERNEL static void butterflies_back(Floats<W>* a, int quarter, const float* turn) {
    Floats<W>*b = a + 2 * quarter, *c = b + 2 * quarter, *d = c + 2 * quarter;
    for (int j = 0; j < quarter; ++j, a += 2, b += 2, c += 2, d += 2, turn += 6) {
      const Floats<W> xr = b[0] * turn[0] + b[1] * turn[1], xi = b[1] * turn[0] - b[0] * turn[1];
      const Floats<W> yr = c[0] * turn[2] + c[1] * turn[3], yi = c[1] * turn[2] - c[0] * turn[3];
      const Floats<W> zr = d[0] * turn[4] + d[1] * turn[5], zi = d[1] * turn[4] - d[0] * turn[5];
      const Floats<W> sr = a[0] + yr, si = a[1] + yi, dr = a[0] - yr, di = a[1] - yi;
      const Floats<W> tr = xr + zr, ti = xi + zi, er = zi - xi, ei = xr - zr;  // i (x - z)
      a[0] = sr + tr, a[1] = si + ti;
      b[0] = dr + er, b[1] = di + ei;
      c[0] = sr - tr, c[1] = si - ti;
      d[0] = dr - er, d[1] = di - ei;
    }
  }

  int size_;
  std::vector<float> turns_, split_;  // turns_: stage by stage and step by step, e^(-2 pi i r j / length), r = 1, 2, 3
  std::vector<int> place_;            // of each frequency
};

}  // namespace nr
