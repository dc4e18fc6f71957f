// Overlapping frames of signals, laid so that W frames which follow one another are the lanes of vectors: signals are
// cut into hops, and column c of a matrix [hop][columns] is the c-th hop. Sample q hop + j of the frame that begins
// with column c is the number [j][c + q]. So W frames are read with plain loads, and no sample is copied for every
// frame that it is in.
#pragma once
#include <algorithm>
#include <vector>

#include "dsp/simd.h"

namespace nr {

class HopColumns {
 public:
  // window: a multiple of hop. Rows lie behind one another; each has `frames` frames.
  HopColumns(int window, int hop, int frames, int rows)
      : hop_(hop),
        overlap_(window / hop),
        frames_(frames),
        columns_(rows * (frames + window / hop - 1)),
        stride_(columns_ / 16 * 16 + 16 * overlap_ + 16 * (1 + (columns_ / 16 + overlap_) % 2)),
        data_(size_t(hop) * stride_) {}

  int row_samples() const { return row_columns() * hop_; }  // that a row's frames cover
  int columns() const { return columns_; }
  void clear() { std::fill(data_.begin(), data_.end(), 0.f); }
  void put(int row, const float* samples) {  // row_samples() of them
    float* to = data_.data() + row * row_columns();
    for (int q = 0; q < row_columns(); ++q, samples += hop_)
      for (int j = 0; j < hop_; ++j) to[j * stride_ + q] = samples[j];
  }
  void take(int row, float* samples) const {
    const float* from = data_.data() + row * row_columns();
    for (int q = 0; q < row_columns(); ++q, samples += hop_)
      for (int j = 0; j < hop_; ++j) samples[j] = from[j * stride_ + q];
  }

  // 1 for each of the W frames from column c on that is a frame of a row, 0 for one that lies over two rows or behind
  // the last.
  template <int W>
  NR_KERNEL Floats<W> valid(int c) const {
    Floats<W> out;
    for (int l = 0; l < W; ++l) out[l] = c + l < columns_ && (c + l) % row_columns() < frames_ ? 1 : 0;
    return out;
  }
  // The W frames from column c on times the window's samples, one vector a sample.
  template <int W>
  NR_KERNEL void load(int c, const float* window, Floats<W>* frames) const {
    for (int q = 0; q < overlap_; ++q) {
      const float* from = data_.data() + c + q;
      for (int j = 0; j < hop_; ++j, from += stride_) *frames++ = *window++ * *reinterpret_cast<const Floats<W>*>(from);
    }
  }
  // Adds frames, times the window's samples and their lanes' weights, to where they were read.
  template <int W>
  NR_KERNEL void add(int c, const float* window, const Floats<W>& weight, const Floats<W>* frames) {
    for (int q = 0; q < overlap_; ++q) {
      float* to = data_.data() + c + q;
      for (int j = 0; j < hop_; ++j, to += stride_)
        *reinterpret_cast<Floats<W>*>(to) += *window++ * (weight * *frames++);
    }
  }

 private:
  int row_columns() const { return frames_ + overlap_ - 1; }
  int hop_, overlap_, frames_, columns_, stride_;
  std::vector<float> data_;
};

}  // namespace nr
