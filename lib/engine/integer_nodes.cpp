#include <cstring>

#include "engine/nodes.h"
#include "engine/tile.h"
#include "export/runtime/kernels.h"

namespace nr {
namespace {

struct Numbers {
  const int16_t *a, *b;
  int16_t* y;
  int count;
  int32_t factor;
};

template <int W>
NR_KERNEL Ints<W> loaded(const int16_t* from, int count) {
  using H = typename Packed<W>::HalfShorts;
  H out{};
  if (count >= W)
    out = *reinterpret_cast<const H*>(from);
  else
    std::memcpy(&out, from, count * sizeof(int16_t));
  return __builtin_convertvector(out, Ints<W>);
}

// Of slopes up to 1, whose products with 16 bits fit 32.
struct Leaky {
  template <int W>
  static NR_KERNEL Ints<W> of(const Ints<W>& a, const Ints<W>&, int32_t slope) {
    return a >= 0 ? a : (a * slope) >> 16;
  }
};
struct Sum {
  template <int W>
  static NR_KERNEL Ints<W> of(const Ints<W>& a, const Ints<W>& b, int32_t) { return limited<W>(a + b); }
};
struct Product {
  template <int W>
  static NR_KERNEL Ints<W> of(const Ints<W>& a, const Ints<W>& b, int32_t factor) {
    return limited<W>(scaled<W>(a * b, Ints<W>{} + factor));
  }
};

template <class Work, int W>
NR_KERNEL void all(const Numbers& n) {
  for (int i = 0; i < n.count; i += W) {
    const int left = n.count - i;
    store_shorts<W>(Work::template of<W>(loaded<W>(n.a + i, left), loaded<W>(n.b + i, left), n.factor), n.y + i, left);
  }
}
template <class Work>
NR_AVX512 void all_16(const Numbers& n) { all<Work, 16>(n); }
template <class Work>
NR_AVX2 void all_8(const Numbers& n) { all<Work, 8>(n); }
template <class Work>
void all_4(const Numbers& n) { all<Work, 4>(n); }
template <class Work>
void all(const Numbers& n) {
  simd_width() == 16 ? all_16<Work>(n) : simd_width() == 8 ? all_8<Work>(n) : all_4<Work>(n);
}

template <class Work>
void map(const nr_node& n, int16_t* arena) {
  each_stretch(n, arena, [&](int16_t* y, const int16_t* a, const int16_t* b, int count) {
    all<Work>({a, b, y, count, n.factor});
  });
}

void multiply(const nr_node& n, int16_t* arena) {
  for (int t = 0; t < n.rows; ++t)
    all<Product>({arena + n.a.at + t * n.a.pitch, arena + n.b.at + t * n.b.pitch, arena + n.y.at + t * n.y.pitch,
                  n.channels, n.factor});
}

}  // namespace

void run_vectors(const nr_node& n, int16_t* arena) {
  if (n.op == NR_LEAKY_RELU && n.factor >= 0 && n.factor <= 65536)
    map<Leaky>(n, arena);
  else if (n.op == NR_ADD)
    map<Sum>(n, arena);
  else if (n.op == NR_MUL && n.b_channels != 1)
    multiply(n, arena);
  else
    run_node(n, arena);
}

}  // namespace nr
