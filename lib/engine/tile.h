// A convolution's micro-kernel: R rows by V vectors of W outputs stay in registers while every weight of theirs is read
// once (Goto and van de Geijn, 2008). The same loop for all arithmetics: each reads its input in units of four bytes, a
// float or two int16.
#pragma once
#include <cstdint>
#include <cstring>

#include "dsp/simd.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define NR_X86_ASSEMBLER 1
#define NR_AVX512_VNNI __attribute__((target("arch=x86-64-v4,avx512vnni")))
#else
#define NR_X86_ASSEMBLER 0
#define NR_AVX512_VNNI
#endif

namespace nr {

struct Tile {
  const void *weights, *bias;   // [runs * units][V * W], [V * W]
  const int32_t* multiplier;    // integers: [V * W]
  const void* x;                // of the first row
  void* y;
  int runs, units;              // stretches, and four bytes of one
  int run_step, row_step, pitch;  // elements of the arena
  int outputs;                  // that are written
};

template <int W>
struct FloatArithmetic {
  using Element = float;
  using Sums = Floats<W>;
  using Weights = Floats<W>;
  static constexpr int kWidth = W, kWeightBytes = 4;
  static NR_KERNEL Weights load(const char* at) { return *reinterpret_cast<const Weights*>(at); }
  static NR_KERNEL void add(Sums& sum, const Weights& w, int32_t unit) {
    float x;
    std::memcpy(&x, &unit, 4);
    sum += w * x;
  }
  static NR_KERNEL void store(const Sums& sum, const int32_t*, float* y, int count) {
    if (count >= W)
      *reinterpret_cast<Sums*>(y) = sum;
    else
      for (int l = 0; l < count; ++l) y[l] = sum[l];
  }
};

template <int W>
struct Packed {
  typedef int8_t Bytes __attribute__((vector_size(2 * W), aligned(1), may_alias));
  typedef int16_t Shorts __attribute__((vector_size(4 * W), aligned(2), may_alias));
  typedef int16_t HalfShorts __attribute__((vector_size(2 * W), aligned(2), may_alias));
  typedef int64_t Longs __attribute__((vector_size(4 * W), aligned(4), may_alias));
  typedef uint64_t Words __attribute__((vector_size(4 * W), aligned(4), may_alias));
};

// round(sum * multiplier / 2^32), as smmulr of export/runtime/simd.h.
template <int W>
NR_KERNEL Ints<W> scaled(const Ints<W>& sum, const Ints<W>& multiplier) {
  using L = typename Packed<W>::Longs;
  using U = typename Packed<W>::Words;
  const L a = (L)sum, b = (L)multiplier;
  L even, odd;
#if NR_X86_ASSEMBLER
  if constexpr (W > 4) {
    const L upper_a = (L)((U)a >> 32), upper_b = (L)((U)b >> 32);
    asm("vpmuldq %2, %1, %0" : "=v"(even) : "v"(a), "v"(b));
    asm("vpmuldq %2, %1, %0" : "=v"(odd) : "v"(upper_a), "v"(upper_b));
  } else
#endif
  {
    for (int l = 0; l < W / 2; ++l) {
      even[l] = int64_t{sum[2 * l]} * multiplier[2 * l];
      odd[l] = int64_t{sum[2 * l + 1]} * multiplier[2 * l + 1];
    }
  }
  const U half = U{} + 0x80000000u, low = ((U)even + half) >> 32, high = ((U)odd + half) & ~uint64_t{0xffffffffu};
  return (Ints<W>)(low | high);
}

// W limited to 16 bits.
template <int W>
NR_KERNEL Ints<W> limited(const Ints<W>& x) {
  const Ints<W> below = x > 32767 ? Ints<W>{} + 32767 : x;
  return below < -32768 ? Ints<W>{} - 32768 : below;
}

template <int W>
NR_KERNEL void store_shorts(const Ints<W>& x, int16_t* y, int count) {
  using H = typename Packed<W>::HalfShorts;
  const H narrow = __builtin_convertvector(x, H);
  if (count >= W)
    *reinterpret_cast<H*>(y) = narrow;
  else
    for (int l = 0; l < count; ++l) y[l] = narrow[l];
}

// int16 by int16 or int8, exact: sums wrap around as the board's do. kDots: the CPU adds the products itself (VNNI).
template <int W, class Weight, bool kDots>
struct IntegerArithmetic {
  using Element = int16_t;
  using Sums = Ints<W>;
  using Weights = typename Packed<W>::Shorts;
  static constexpr int kWidth = W, kWeightBytes = 2 * sizeof(Weight);
  static NR_KERNEL Weights load(const char* at) {
    if constexpr (sizeof(Weight) == 1)
      return __builtin_convertvector(*reinterpret_cast<const typename Packed<W>::Bytes*>(at), Weights);
    else
      return *reinterpret_cast<const Weights*>(at);
  }
  static NR_KERNEL void add(Sums& sum, const Weights& w, int32_t unit) {
    const Ints<W> x = Ints<W>{} + unit;
#if NR_X86_ASSEMBLER
    if constexpr (kDots) {
      asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(w), "v"(x));
    } else if constexpr (W > 4) {
      Ints<W> products;
      asm("vpmaddwd %2, %1, %0" : "=v"(products) : "v"(w), "v"(x));
      sum = (Ints<W>)((Unsigned)sum + (Unsigned)products);
    } else {
      Ints<W> products = (Ints<W>)w;
      asm("pmaddwd %1, %0" : "+x"(products) : "x"(x));
      sum = (Ints<W>)((Unsigned)sum + (Unsigned)products);
    }
#else
    const Ints<W> weights = (Ints<W>)w;
    const Unsigned low = (Unsigned)((Ints<W>)((Unsigned)weights << 16) >> 16) * static_cast<uint32_t>(int16_t(unit)),
                   high = (Unsigned)(weights >> 16) * static_cast<uint32_t>(unit >> 16);
    sum = (Ints<W>)((Unsigned)sum + low + high);
#endif
  }
  static NR_KERNEL void store(const Sums& sum, const int32_t* multiplier, int16_t* y, int count) {
    store_shorts<W>(limited<W>(scaled<W>(sum, *reinterpret_cast<const Ints<W>*>(multiplier))), y, count);
  }

 private:
  typedef uint32_t Unsigned __attribute__((vector_size(4 * W), aligned(4), may_alias));
};

template <class A, int R, int V>
NR_KERNEL void sum_tile(const Tile& t) {
  using Sums = typename A::Sums;
  using Element = typename A::Element;
  constexpr int W = A::kWidth, kPerUnit = 4 / sizeof(Element);
  Sums sum[R][V];
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[r][v] = static_cast<const Sums*>(t.bias)[v];
  const char* w = static_cast<const char*>(t.weights);
  const Element* x = static_cast<const Element*>(t.x);
  for (int k = 0; k < t.runs; ++k, x += t.run_step) {
    const Element* row[R];
#pragma GCC unroll 12
    for (int r = 0; r < R; ++r) row[r] = x + r * t.row_step;
#pragma GCC unroll 2
    for (int i = 0; i < t.units; ++i, w += V * W * A::kWeightBytes) {
      typename A::Weights weights[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) weights[v] = A::load(w + v * W * A::kWeightBytes);
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) {
        int32_t unit;
        std::memcpy(&unit, row[r] + i * kPerUnit, 4);
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) A::add(sum[r][v], weights[v], unit);
      }
    }
  }
  Element* y = static_cast<Element*>(t.y);
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r, y += t.pitch)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) A::store(sum[r][v], t.multiplier + v * W, y + v * W, t.outputs - v * W);
}

}  // namespace nr
