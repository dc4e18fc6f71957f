// Weights of 8 bits become 16 once for all rows of two outputs: to unpack them in every tile would take 18 instructions
// for 16 MACs. A single row unpacks as it goes, for four outputs.
#include "tiles.h"

#ifdef NR_TILES
#include "kernels.h"
#include "tile_loops.h"

namespace nr {
namespace {

constexpr int kUnpacked = 1024;  // weights an output that are unpacked at once
constexpr int kReadPast = 4;     // weights

// Two outputs: from integer_conv.cpp's order of int8 to that of int16. n, weights an output, is a multiple of 4.
inline const int16_t* as_int16(const int8_t* from, int16_t* to, int n) {
  const int16_t* const start = to;
#define NR_UNPACK(u, v)         \
  "sxtb16 r8, " u "\n"          \
  "sxtb16 r9, " v "\n"          \
  "sxtb16 r10, " u ", ror #8\n" \
  "sxtb16 r12, " v ", ror #8\n" \
  "stmia %1!, {r8, r9, r10, r12}\n"
  asm volatile("lsrs %2, %2, #3\n"  // an odd number of fours: one alone
               "bcc 1f\n"
               "ldmia %0!, {r4, r5}\n" NR_UNPACK("r4", "r5")
               "cbz %2, 2f\n"
               "1: ldmia %0!, {r4, r5, r6, r11}\n" NR_UNPACK("r4", "r5") NR_UNPACK("r6", "r11")
               "subs %2, %2, #1\n"
               "bne 1b\n"
               "2:\n"
               : "+l"(from), "+l"(to), "+l"(n)
               :
               : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
#undef NR_UNPACK
  return start;
}
inline const int16_t* as_int16(const int16_t* from, int16_t*, int) { return from; }

// Whole fours of outputs; the rest is left to integer_conv.cpp.
int one_row(const nr_node& n, int16_t* arena) {
  const int done = n.runs == 1 ? n.channels & ~3 : 0;
  const int32_t* bias = static_cast<const int32_t*>(n.bias);
  const int8_t* w = static_cast<const int8_t*>(n.weights);
  for (int o = 0; o < done; o += 4, w += 4 * n.run)
    four_outputs(w, w + 2 * n.run, arena + n.a.at, n.run, bias + o, n.multiplier + o, arena + n.y.at + o);
  return done;
}

template <class W, int Unpacked>
NR_HOT int run(const nr_node& n, int16_t* arena) {
  alignas(8) int16_t unpacked[Unpacked];
  const int size = n.runs * n.run, rounds = (n.run + kRoundWeights - 1) / kRoundWeights,
            skipped = rounds * kRoundWeights - n.run;
  const int row = 2 * n.row_step, step = 2 * n.run_step, pitch = 2 * n.y.pitch, done = n.channels & ~1;
  const int to_stretch = step - 2 * n.run, back = -(n.runs - 1) * step - 2 * n.run;
  const int pairs = (3 - n.rows % 3) % 3, triples = (n.rows - 2 * pairs) / 3;  // rows >= 2
  const W* weights = static_cast<const W*>(n.weights);
  const int32_t *bias = static_cast<const int32_t*>(n.bias), *multiplier = n.multiplier;
  const int16_t *x = arena + n.a.at, *later = x + 3 * triples * n.row_step;
  int16_t* y = arena + n.y.at;
  const int middle = 3 * triples * n.y.pitch, end = n.rows * n.y.pitch;
  for (int o = 0; o < done; o += 2, weights += 2 * size, y += 2) {
    const int16_t* w = as_int16(weights, unpacked, size);
    if (middle > 0)
      three_rows(x, row, w, rounds, y, pitch, y + middle, 3 * row + back, bias[o], bias[o + 1], multiplier[o],
                 multiplier[o + 1], to_stretch, n.runs, skipped * kThreeRowsCode);
    if (middle < end)
      two_rows(later, row, w, rounds, y + middle, pitch, y + end, 2 * row + back, bias[o], bias[o + 1], multiplier[o],
               multiplier[o + 1], to_stretch, n.runs, skipped * kTwoRowsCode);
  }
  return done;
}

}  // namespace

int run_tiles(const nr_node& n, int16_t* arena) {
  if (n.weight_bits != 8) return n.rows < 2 ? 0 : run<int16_t, 1>(n, arena);
  if (n.rows < 2) return one_row(n, arena);
  return n.runs * n.run <= kUnpacked ? run<int8_t, 2 * kUnpacked + kReadPast>(n, arena) : 0;
}

}  // namespace nr
#endif
