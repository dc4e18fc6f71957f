// The micro-kernels of every size, compiled for AVX-512, AVX2 and every CPU.
#include "engine/convolution.h"

namespace nr {
namespace {

template <class A, int R, int V>
NR_AVX512 void tile_avx512(const Tile& t) { sum_tile<A, R, V>(t); }
template <class A, int R, int V>
NR_AVX512_VNNI void tile_vnni(const Tile& t) { sum_tile<A, R, V>(t); }
template <class A, int R, int V>
NR_AVX2 void tile_avx2(const Tile& t) { sum_tile<A, R, V>(t); }
template <class A, int R, int V>
void tile_any(const Tile& t) { sum_tile<A, R, V>(t); }

#define NR_UP_TO_4(f, A, V) f<A, 1, V>, f<A, 2, V>, f<A, 3, V>, f<A, 4, V>
#define NR_UP_TO_6(f, A, V) NR_UP_TO_4(f, A, V), f<A, 5, V>, f<A, 6, V>
#define NR_UP_TO_8(f, A, V) NR_UP_TO_6(f, A, V), f<A, 7, V>, f<A, 8, V>
#define NR_UP_TO_12(f, A, V) NR_UP_TO_8(f, A, V), f<A, 9, V>, f<A, 10, V>, f<A, 11, V>, f<A, 12, V>
// Of 32 registers, and of 16.
#define NR_MANY(f, A) {{{NR_UP_TO_12(f, A, 1)}, {NR_UP_TO_12(f, A, 2)}, {NR_UP_TO_8(f, A, 3)}, {NR_UP_TO_6(f, A, 4)}}}
#define NR_FEW(f, A) {{{NR_UP_TO_8(f, A, 1)}, {NR_UP_TO_4(f, A, 2)}, {}, {}}}

template <class Weight>
const TileKernels& of_weights() {
  using Dots = IntegerArithmetic<16, Weight, true>;
  using Sixteen = IntegerArithmetic<16, Weight, false>;
  using Eight = IntegerArithmetic<8, Weight, false>;
  using Four = IntegerArithmetic<4, Weight, false>;
  static constexpr TileKernels kDots = NR_MANY(tile_vnni, Dots), kSixteen = NR_MANY(tile_avx512, Sixteen),
                               kEight = NR_FEW(tile_avx2, Eight), kFour = NR_FEW(tile_any, Four);
  return simd_width() == 16 ? simd_dots() ? kDots : kSixteen : simd_width() == 8 ? kEight : kFour;
}

}  // namespace

bool& simd_dots() {
#if NR_X86_ASSEMBLER
  static bool dots = __builtin_cpu_supports("avx512vnni");
#else
  static bool dots = false;
#endif
  return dots;
}

const TileKernels& float_kernels() {
  static constexpr TileKernels kSixteen = NR_MANY(tile_avx512, FloatArithmetic<16>),
                               kEight = NR_FEW(tile_avx2, FloatArithmetic<8>),
                               kFour = NR_FEW(tile_any, FloatArithmetic<4>);
  return simd_width() == 16 ? kSixteen : simd_width() == 8 ? kEight : kFour;
}

const TileKernels& integer_kernels(int weight_bits) {
  return weight_bits == 8 ? of_weights<int8_t>() : of_weights<int16_t>();
}

}  // namespace nr
