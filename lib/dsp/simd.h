// Kernels over vectors of 16, 8 or 4 floats: one template, compiled for AVX-512, for AVX2 and for every CPU of the
// architecture; which of them runs is found out when the program runs. So one binary is fast on each.
#pragma once

#define NR_KERNEL inline __attribute__((always_inline))  // else a caller's instruction set is not the template's

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // no vector is passed to a function that is called: all are inlined
#define NR_AVX512 __attribute__((target("arch=x86-64-v4")))
#define NR_AVX2 __attribute__((target("arch=x86-64-v3")))
#else
#define NR_AVX512
#define NR_AVX2
#endif

// void name(Arguments&) that runs kernel<W>(arguments) at the CPU's width W.
#define NR_AT_WIDEST(name, kernel, Arguments)                  \
  NR_AVX512 static void name##_16(Arguments& a) { kernel<16>(a); } \
  NR_AVX2 static void name##_8(Arguments& a) { kernel<8>(a); }     \
  static void name##_4(Arguments& a) { kernel<4>(a); }             \
  void name(Arguments& a) { return simd_width() == 16 ? name##_16(a) : simd_width() == 8 ? name##_8(a) : name##_4(a); }

namespace nr {

// 16, 8 or 4. Tests set a smaller one.
int& simd_width();

// W floats, at any address.
template <int W>
struct Lanes {
  typedef float Floats __attribute__((vector_size(4 * W), aligned(4), may_alias));
  typedef int Ints __attribute__((vector_size(4 * W), aligned(4), may_alias));
};
template <int W>
using Floats = typename Lanes<W>::Floats;
template <int W>
using Ints = typename Lanes<W>::Ints;

}  // namespace nr
