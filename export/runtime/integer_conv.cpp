// Convolutions of the integer engine. Weights come in pairs of outputs: int8 [pair][run/4][2][w0 w2 w1 w3], so that
// SXTB16 yields (w0,w1) and, rotated, (w2,w3); int16 [pair][run/2][2][2]. Two outputs by two rows share every load: in
// C++ here, in assembler in tiles.cpp, with the same bits.
#include "kernels.h"
#include "simd.h"
#include "tiles.h"

namespace nr {
namespace {

// Two outputs by two rows: a[0], a[1] are output 0 and 1 of row 0; a[2], a[3] of row 1. n: a multiple of 4.
NR_INLINE const int8_t* dot22(const int8_t* w, const int16_t* x, const int16_t* z, int n, int32_t* a) {
  int32_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
#pragma GCC unroll 4
  for (const int16_t* end = x + n; x != end; x += 4, z += 4, w += 8) {
    const int32_t u = load2(w), v = load2(w + 4), x0 = load2(x), z0 = load2(z), x1 = load2(x + 2), z1 = load2(z + 2);
    const int32_t u0 = sxtb16(u), v0 = sxtb16(v), u1 = sxtb16_8(u), v1 = sxtb16_8(v);
    a0 = smlad(u0, x0, a0), a1 = smlad(v0, x0, a1), a2 = smlad(u0, z0, a2), a3 = smlad(v0, z0, a3);
    a0 = smlad(u1, x1, a0), a1 = smlad(v1, x1, a1), a2 = smlad(u1, z1, a2), a3 = smlad(v1, z1, a3);
  }
  a[0] = a0, a[1] = a1, a[2] = a2, a[3] = a3;
  return w;
}

NR_INLINE const int16_t* dot22(const int16_t* w, const int16_t* x, const int16_t* z, int n, int32_t* a) {
  int32_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
#pragma GCC unroll 4
  for (const int16_t* end = x + n; x != end; x += 2, z += 2, w += 4) {
    const int32_t u = load2(w), v = load2(w + 2), x0 = load2(x), z0 = load2(z);
    a0 = smlad(u, x0, a0), a1 = smlad(v, x0, a1), a2 = smlad(u, z0, a2), a3 = smlad(v, z0, a3);
  }
  a[0] = a0, a[1] = a1, a[2] = a2, a[3] = a3;
  return w;
}

// Two outputs of one row.
NR_INLINE const int8_t* dot21(const int8_t* w, const int16_t* x, int n, int32_t* a) {
  int32_t a0 = a[0], a1 = a[1];
#pragma GCC unroll 4
  for (const int16_t* end = x + n; x != end; x += 4, w += 8) {
    const int32_t u = load2(w), v = load2(w + 4), x0 = load2(x), x1 = load2(x + 2);
    a0 = smlad(sxtb16(u), x0, a0), a1 = smlad(sxtb16(v), x0, a1);
    a0 = smlad(sxtb16_8(u), x1, a0), a1 = smlad(sxtb16_8(v), x1, a1);
  }
  a[0] = a0, a[1] = a1;
  return w;
}

NR_INLINE const int16_t* dot21(const int16_t* w, const int16_t* x, int n, int32_t* a) {
  int32_t a0 = a[0], a1 = a[1];
#pragma GCC unroll 4
  for (const int16_t* end = x + n; x != end; x += 2, w += 4) {
    const int32_t x0 = load2(x);
    a0 = smlad(load2(w), x0, a0), a1 = smlad(load2(w + 2), x0, a1);
  }
  a[0] = a0, a[1] = a1;
  return w;
}

NR_INLINE void store(int16_t* y, int32_t a0, int32_t a1, const int32_t* multiplier, bool both) {
  const int32_t y0 = saturate(smmulr(a0, multiplier[0])), y1 = saturate(smmulr(a1, multiplier[1]));
  if (both)
    store2(y, pack(y0, y1));
  else
    *y = static_cast<int16_t>(y0);
}

template <class W>
NR_HOT void conv(const nr_node& n, int16_t* arena) {
  const int32_t *bias = static_cast<const int32_t*>(n.bias), *multiplier = n.multiplier;
  const int runs = n.runs, run = n.run, run_step = n.run_step, row_step = n.row_step, pair = 2 * runs * run,
            pitch = n.y.pitch;
#ifdef NR_TILES
  const int done = run_tiles(n, arena);
#else
  const int done = 0;
#endif
  const W* weights = static_cast<const W*>(n.weights) + done / 2 * pair;
  for (int o = done; o < n.channels; o += 2, weights += pair) {
    const bool both = o + 1 < n.channels;
    const int16_t* x = arena + n.a.at;
    int16_t* y = arena + n.y.at + o;
    int t = n.rows;
    for (; t >= 2; t -= 2, x += 2 * row_step, y += 2 * pitch) {
      int32_t a[4] = {bias[o], bias[o + 1], bias[o], bias[o + 1]};
      const W* w = weights;
      const int16_t* at = x;
      for (int k = 0; k < runs; ++k, at += run_step) w = dot22(w, at, at + row_step, run, a);
      store(y, a[0], a[1], multiplier + o, both);
      store(y + pitch, a[2], a[3], multiplier + o, both);
    }
    if (t) {
      int32_t a[2] = {bias[o], bias[o + 1]};
      const W* w = weights;
      for (int k = 0; k < runs; ++k, x += run_step) w = dot21(w, x, run, a);
      store(y, a[0], a[1], multiplier + o, both);
    }
  }
}

}  // namespace

void run_conv(const nr_node& n, int16_t* arena) {
  n.weight_bits == 8 ? conv<int8_t>(n, arena) : conv<int16_t>(n, arena);
}

}  // namespace nr
