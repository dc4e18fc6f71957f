#include "dsp/rows.h"

#include <cstddef>
#include <cstring>

#include "dsp/simd.h"

namespace nr {
namespace {

template <int W>
NR_KERNEL void rectify_all(Rectified& row) {
  using F = Floats<W>;
  const auto chosen = [&](const F& x, const F& by) __attribute__((always_inline)) {
    return F(by > 0.f ? x : row.slope * x);
  };
  int t = 0;
  for (; t + W <= row.frames; t += W)
    *reinterpret_cast<F*>(row.to + t) = chosen(*reinterpret_cast<const F*>(row.from + t),
                                               *reinterpret_cast<const F*>(row.by + t));
  for (; t < row.frames; ++t) row.to[t] = row.by[t] > 0 ? row.from[t] : row.slope * row.from[t];
}

template <int W, int R, int V>
NR_KERNEL void sum_block(const Sums& s, int t) {
  using F = Floats<W>;
  F sum[R][V];
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v) sum[r][v] = F{} + s.start[r];
  const float* w = s.weights;
  for (int j = 0; j < s.terms; ++j, w += R) {
    const float* from = s.in + s.offsets[j] + t;
    F x[V];
    for (int v = 0; v < V; ++v) x[v] = *reinterpret_cast<const F*>(from + v * W);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) sum[r][v] += w[r] * x[v];
  }
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v) {
      const int left = s.frames - t - v * W;
      if (left >= W)
        *reinterpret_cast<F*>(s.out[r] + t + v * W) = sum[r][v];
      else if (left > 0)
        std::memcpy(s.out[r] + t + v * W, &sum[r][v], left * sizeof(float));
    }
}

template <int W>
NR_KERNEL void sum_rows(Sums& s) {
  constexpr int R = W == 16 ? 8 : 4;
  int t = 0;
  for (; s.frames - t > 2 * W; t += 3 * W) sum_block<W, R, 3>(s, t);
  if (s.frames - t > W)
    sum_block<W, R, 2>(s, t);
  else if (s.frames > t)
    sum_block<W, R, 1>(s, t);
}

// Of W vectors, the sum of each, in the lane of its number.
template <int W>
NR_KERNEL Floats<W> sums_of(Floats<W>* x) {
#if defined(__clang__)
  Floats<W> out{};
  for (int i = 0; i < W; ++i)
    for (int l = 0; l < W; ++l) out[i] += x[i][l];
  return out;
#else
  // Two vectors become one: one's lanes with bit `half` and the other's without, each added to the lane beside it.
#pragma GCC unroll 4
  for (int half = W / 2; half; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) {
      Ints<W> own, other;
#pragma GCC unroll 16
      for (int l = 0; l < W; ++l) own[l] = l + (l & half ? W : 0), other[l] = (l ^ half) + (l & half ? W : 0);
      x[i] = __builtin_shuffle(x[i], x[i + half], own) + __builtin_shuffle(x[i], x[i + half], other);
    }
  return x[0];
#endif
}

template <int W>
NR_KERNEL void multiply_rows(Products& p) {
  using F = Floats<W>;
  constexpr int R = kProductRows, J = W == 16 ? kProductTerms : kProductTerms / 2;
  for (int first = 0; first < kProductTerms; first += J) {
    F sum[R][J];
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < J; ++j) sum[r][j] = F{};
    const auto add = [&](const float* const* y, size_t at, const float* in) __attribute__((always_inline)) {
      F x[J];
      for (int j = 0; j < J; ++j) x[j] = *reinterpret_cast<const F*>(in + p.offsets[first + j]);
#pragma GCC unroll 4
      for (int r = 0; r < R; ++r) {  // one of y at a time: sums and x leave one register
        const F row = *reinterpret_cast<const F*>(y[r] + at);
#pragma GCC unroll 6
        for (int j = 0; j < J; ++j) sum[r][j] += row * x[j];
      }
    };
    for (int b = 0; b < p.batch; ++b) {
      const float* in = p.in + size_t(b) * p.in_item;
      const size_t from = size_t(b) * p.y_item;
      int t = 0;
      for (; t + W <= p.frames; t += W) add(p.y, from + t, in + t);
      if (t == p.frames) continue;
      float last[R][W] = {};
      const float* rows[R];
      for (int r = 0; r < R; ++r) {
        std::memcpy(last[r], p.y[r] + from + t, (p.frames - t) * sizeof(float));
        rows[r] = last[r];
      }
      add(rows, 0, in + t);
    }
#pragma GCC unroll 4
    for (int begin = 0; begin < R * J; begin += W) {
      F some[W];
#pragma GCC unroll 16
      for (int i = 0; i < W; ++i) some[i] = begin + i < R * J ? sum[(begin + i) / J][(begin + i) % J] : F{};
      const F sums = sums_of<W>(some);
      for (int i = 0; i < W && begin + i < R * J; ++i) p.out[(begin + i) / J][first + (begin + i) % J] = sums[i];
    }
  }
}

}  // namespace

int rows_summed() { return simd_width() == 16 ? 8 : 4; }

NR_AT_WIDEST(rectify, rectify_all, Rectified)
NR_AT_WIDEST(sum, sum_rows, Sums)
NR_AT_WIDEST(multiply, multiply_rows, Products)

}  // namespace nr
