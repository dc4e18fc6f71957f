#include "engine/convolution.h"

#include <algorithm>

namespace nr {
namespace {

int parts(int n, int size) { return (n + size - 1) / size; }

int most_rows(const TileKernels& kernels, int vectors) {
  int rows = kMostTileRows;
  while (!kernels.of[vectors - 1][rows - 1]) --rows;
  return rows;
}

}  // namespace

PackedConvolution::PackedConvolution(const nr_node& node, bool integer, int threads)
    : node_(node),
      integer_(integer),
      width_(simd_width()),
      vectors_(parts(node.channels, width_)),
      most_(kMostTileVectors),
      weight_bytes_(integer ? node.weight_bits / 8 : 4),
      kernels_(integer ? &integer_kernels(node.weight_bits) : &float_kernels()) {
  while (!kernels_->of[most_ - 1][0]) --most_;
  constexpr int64_t kLeastMacs = 1 << 17;  // a few microseconds, which are not worth a division
  if (threads < 2 || int64_t{node.channels} * node.rows * node.runs * node.run < kLeastMacs) return;
  const int panels = parts(vectors_, most_);
  by_panels_ = panels >= 2 * threads;  // each weight is read by one thread
  pieces_ = by_panels_ ? std::min(panels, 4 * threads) : std::min(node.rows, threads);
}

size_t PackedConvolution::bytes() const {
  const size_t outputs = size_t(vectors_) * width_, inputs = size_t(node_.runs) * node_.run;
  return aligned_size(outputs * inputs * weight_bytes_) + (integer_ ? 2 : 1) * aligned_size(outputs * 4);
}

// [panel][runs * run / per_unit][output][per_unit]
template <class Weight, class Get>
void PackedConvolution::pack_panels(Weight* to, int per_unit, Get get) const {
  const int inputs = node_.runs * node_.run;
  for (int first = 0; first < vectors_; first += most_) {
    const int begin = first * width_, end = std::min(first + most_, vectors_) * width_;
    for (int i = 0; i < inputs; i += per_unit)
      for (int o = begin; o < end; ++o)
        for (int j = 0; j < per_unit; ++j) *to++ = o < node_.channels ? get(o, i + j) : 0;
  }
}

void PackedConvolution::pack(char* to) {
  const size_t outputs = size_t(vectors_) * width_, inputs = size_t(node_.runs) * node_.run;
  panels_ = to;
  if (!integer_) {
    const float* w = static_cast<const float*>(node_.weights);
    pack_panels(reinterpret_cast<float*>(to), 1,
                [&](size_t o, size_t i) { return w[(o / 4 * inputs + i) * 4 + o % 4]; });
  } else if (node_.weight_bits == 16) {
    const int16_t* w = static_cast<const int16_t*>(node_.weights);
    pack_panels(reinterpret_cast<int16_t*>(to), 2,
                [&](size_t o, size_t i) { return w[(o / 2 * inputs + i / 2 * 2) * 2 + o % 2 * 2 + i % 2]; });
  } else {
    const int8_t* w = static_cast<const int8_t*>(node_.weights);
    pack_panels(reinterpret_cast<int8_t*>(to), 2, [&](size_t o, size_t i) {
      constexpr int kPlace[] = {0, 2, 1, 3};
      return w[(o / 2 * inputs + i / 4 * 4) * 2 + o % 2 * 4 + kPlace[i % 4]];
    });
  }
  to += aligned_size(outputs * inputs * weight_bytes_);
  const size_t numbers = size_t(node_.channels) * 4;  // bytes, of floats and integers alike
  std::memcpy(to, node_.bias, numbers);
  bias_ = reinterpret_cast<const int32_t*>(to);
  if (!integer_) return;
  to += aligned_size(outputs * 4);
  std::memcpy(to, node_.multiplier, numbers);
  multiplier_ = reinterpret_cast<const int32_t*>(to);
}

void PackedConvolution::run(void* arena, int piece) const {
  const auto begin_of = [&](int part, int all) { return int(int64_t{all} * part / pieces_); };
  const int panels = parts(vectors_, most_), first_panel = by_panels_ ? begin_of(piece, panels) : 0,
            end_panel = by_panels_ ? begin_of(piece + 1, panels) : panels,
            first_row = by_panels_ ? 0 : begin_of(piece, node_.rows),
            end_row = by_panels_ ? node_.rows : begin_of(piece + 1, node_.rows);
  const int element = integer_ ? 2 : 4, per_unit = 4 / element;
  const size_t inputs = size_t(node_.runs) * node_.run;
  Tile t{};
  t.runs = node_.runs, t.units = node_.run / per_unit;
  t.run_step = node_.run_step, t.row_step = node_.row_step, t.pitch = node_.y.pitch;
  const char* x = static_cast<const char*>(arena) + int64_t{node_.a.at} * element;
  char* y = static_cast<char*>(arena) + int64_t{node_.y.at} * element;
  for (int panel = first_panel; panel < end_panel; ++panel) {
    const int first = panel * most_, vectors = std::min(most_, vectors_ - first), output = first * width_,
              most = most_rows(*kernels_, vectors);
    t.weights = panels_ + inputs * output * weight_bytes_;
    t.bias = bias_ + output, t.multiplier = multiplier_ + output;
    t.outputs = node_.channels - output;
    for (int row = first_row, tiles = parts(end_row - first_row, most); tiles > 0; --tiles) {
      const int rows = parts(end_row - row, tiles);
      t.x = x + int64_t{row} * node_.row_step * element;
      t.y = y + (int64_t{row} * node_.y.pitch + output) * element;
      kernels_->of[vectors - 1][rows - 1](t);
      row += rows;
    }
  }
}

}  // namespace nr
