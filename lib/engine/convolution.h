// A convolution of a program with its weights as the micro-kernels read them: panels of one to four vectors of outputs,
// each [runs * run][outputs], one after another.
#pragma once
#include "engine/memory.h"
#include "engine/tile.h"
#include "export/runtime/program.h"

namespace nr {

// Whether the CPU adds products of int16 itself (AVX-512 VNNI). Tests switch it off, and set simd_width().
bool& simd_dots();

using TileKernel = void (*)(const Tile&);
constexpr int kMostTileRows = 12, kMostTileVectors = 4;
// One kernel for each number of vectors and of rows; null: too many for the registers. Those for simd_width().
struct TileKernels {
  TileKernel of[kMostTileVectors][kMostTileRows];
};
const TileKernels& float_kernels();
const TileKernels& integer_kernels(int weight_bits);

class PackedConvolution {
 public:
  // The node's tables are read by pack() last. threads: that run() its pieces.
  PackedConvolution(const nr_node& node, bool integer, int threads = 1);
  size_t bytes() const;  // of its panels
  void pack(char* to);   // aligned to a vector; outlives this
  int pieces() const { return pieces_; }
  void run(void* arena, int piece) const;  // all of them, in any order or at once, are the convolution

 private:
  template <class Weight, class Get>
  void pack_panels(Weight* to, int per_unit, Get get) const;

  nr_node node_;
  bool integer_;
  int width_, vectors_, most_;  // lanes; vectors of all outputs, and of a panel
  int weight_bytes_, pieces_ = 1;
  bool by_panels_ = false;  // each piece has panels of its own; else rows
  const TileKernels* kernels_;
  const char* panels_ = nullptr;
  const int32_t *bias_ = nullptr, *multiplier_ = nullptr;  // a float program's biases are floats
};

}  // namespace nr
