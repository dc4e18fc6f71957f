#include "dsp/convolution.h"

#include <algorithm>

#include "dsp/rows.h"
#include "dsp/simd.h"

namespace nr {
namespace {

int blocks(int rows, int size) { return (rows + size - 1) / size; }
size_t weights_of(const Convolution& c) { return size_t(c.slow_channels) * c.fast_channels * c.kernel; }
int reach_of(const Convolution& c) { return (c.kernel - 1) * c.dilation / c.stride; }  // slow frames

// [batch][fast_channels][stride][length]: number m of phase p is x[m stride + p - before].
int fast_length(const Convolution& c) { return c.slow_frames + reach_of(c) + kSumSlack; }
// [batch][slow_channels][length]: y from frame first_frame() - reach on.
int first_frame(const Convolution& c) { return c.before / c.stride; }
int frames_written(const Convolution& c) { return (c.before + c.fast_frames - 1) / c.stride - first_frame(c) + 1; }
int slow_length(const Convolution& c) { return reach_of(c) + frames_written(c) + kSumSlack; }

float rectified_by(float x, float by, float slope) {
  const float factors[2] = {slope, 1};
  return x * factors[by > 0];
}

// Where the fast side's taps (i, k) begin in an item of padded_fast().
std::vector<int> fast_offsets(const Convolution& c) {
  std::vector<int> out;
  for (int i = 0; i < c.fast_channels; ++i)
    for (int k = 0; k < c.kernel; ++k) {
      const int q = k * c.dilation;
      out.push_back((i * c.stride + q % c.stride) * fast_length(c) + q / c.stride);
    }
  return out;
}

}  // namespace

std::vector<float> padded_fast(const Convolution& c, const float* x, float slope) {
  const int length = fast_length(c);
  std::vector<float> out(size_t(c.batch) * c.fast_channels * c.stride * length);
  float* row = out.data();
  for (int b = 0; b < c.batch; ++b)
    for (int i = 0; i < c.fast_channels; ++i, row += c.stride * length) {
      const float* from = x + size_t(b) * c.fast_item + i * c.fast_frames;
      for (int p = 0; p < c.stride; ++p) {
        float* to = row + p * length;
        const int begin = (std::max(0, c.before - p) + c.stride - 1) / c.stride;
        const int end = std::min(length, (c.fast_frames + c.before - p + c.stride - 1) / c.stride);
        const float* first = from + begin * c.stride + p - c.before;
        if (c.stride == 1 && end > begin) {
          Rectified all{first, first, to + begin, end - begin, slope};
          rectify(all);
        } else {
          for (int m = begin; m < end; ++m, first += c.stride) to[m] = rectified_by(*first, *first, slope);
        }
      }
    }
  return out;
}

std::vector<float> padded_slow(const Convolution& c, const float* y, float slope) {
  const int length = slow_length(c), shift = first_frame(c) - reach_of(c);
  std::vector<float> out(size_t(c.batch) * c.slow_channels * length);
  float* to = out.data();
  for (int b = 0; b < c.batch; ++b)
    for (int o = 0; o < c.slow_channels; ++o, to += length) {
      const float* from = y + size_t(b) * c.slow_item + o * c.slow_frames;
      const int begin = std::max(0, -shift), end = std::min(length, c.slow_frames - shift);
      Rectified all{from + begin + shift, from + begin + shift, to + begin, end - begin, slope};
      if (end > begin) rectify(all);
    }
  return out;
}

namespace {

// How the work is cut: into blocks of rows that are written together, and tiles of frames whose inputs fit the first
// cache. Neighbouring tasks share what is larger, their block's weights or their tile's inputs.
struct Tiling {
  int blocks, batch, frames, tile, tiles;
  bool by_block;

  Tiling(int written, int batch, int read, int frames, size_t weights)
      : blocks((written + rows_summed() - 1) / rows_summed()), batch(batch), frames(frames) {
    const int least = 3 * simd_width(), fits = 8192 / read / least * least;
    tile = std::max(least, fits);
    tiles = (frames + tile - 1) / tile;
    by_block = weights > size_t(batch) * read * frames;
  }
  int tasks() const { return blocks * batch * tiles; }
  struct Task {
    int block, item, begin, frames;
  };
  Task operator[](int task) const {
    const int places = batch * tiles, place = by_block ? task % places : task / blocks;
    const int begin = place % tiles * tile;
    return {by_block ? task / places : task % blocks, place / tiles, begin, std::min(tile, frames - begin)};
  }
};

Tiling slow_tiling(const Convolution& c) {
  return {c.slow_channels, c.batch, c.fast_channels * c.stride, c.slow_frames, weights_of(c)};
}
Tiling fast_tiling(const Convolution& c) {
  return {c.fast_channels * c.stride, c.batch, c.slow_channels, frames_written(c), weights_of(c)};
}

}  // namespace

// [block][term][row]: a term is a tap (i, k).
std::vector<float> slow_panels(const Convolution& c, const ConvolutionWeights& w) {
  const int rows = rows_summed(), terms = c.fast_channels * c.kernel;
  std::vector<float> out(size_t(blocks(c.slow_channels, rows)) * terms * rows);
  float* to = out.data();
  for (int begin = 0; begin < c.slow_channels; begin += rows)
    for (int j = 0; j < terms; ++j, to += rows)
      for (int r = 0; r < std::min(rows, c.slow_channels - begin); ++r)
        to[r] = w.w[size_t(begin + r) * terms + j] * (w.scale ? w.scale[begin + r] : 1);
  return out;
}

// Rows are pairs of a channel and a phase (i, p), terms (o, n) for k = p + n stride.
std::vector<float> fast_panels(const Convolution& c, const ConvolutionWeights& w) {
  const int rows = rows_summed(), taps = blocks(c.kernel, c.stride), all = c.fast_channels * c.stride;
  std::vector<float> out(size_t(blocks(all, rows)) * c.slow_channels * taps * rows);
  float* to = out.data();
  for (int begin = 0; begin < all; begin += rows)
    for (int o = 0; o < c.slow_channels; ++o) {
      const float scale = w.scale ? w.scale[o] : 1, *from = w.w + size_t(o) * c.fast_channels * c.kernel;
      for (int n = 0; n < taps; ++n, to += rows)
        for (int r = 0; r < std::min(rows, all - begin); ++r) {
          const int i = (begin + r) / c.stride, k = (begin + r) % c.stride + n * c.stride;
          if (k < c.kernel) to[r] = scale * from[i * c.kernel + k];
        }
    }
  return out;
}

int slow_tasks(const Convolution& c) { return slow_tiling(c).tasks(); }

void write_slow(const Convolution& c, const std::vector<float>& panels, const std::vector<float>& fast,
                const float* bias, const float* rectified, float slope, float* y, int first, int last) {
  const Tiling tiling = slow_tiling(c);
  const int rows = rows_summed(), terms = c.fast_channels * c.kernel;
  const std::vector<int> offsets = fast_offsets(c);
  const size_t item = size_t(c.fast_channels) * c.stride * fast_length(c);
  std::vector<float> unused(tiling.tile);
  for (int task = first; task < last; ++task) {
    const auto [block, b, begin, frames] = tiling[task];
    float start[8] = {};
    float* out[8];
    for (int r = 0; r < rows; ++r) {
      const int o = block * rows + r;
      if (bias && o < c.slow_channels) start[r] = bias[o];
      out[r] = o < c.slow_channels ? y + size_t(b) * c.slow_item + o * c.slow_frames + begin : unused.data();
    }
    Sums sums{fast.data() + b * item + begin, offsets.data(), panels.data() + size_t(block) * terms * rows, start, out,
              terms, frames};
    sum(sums);
    for (int r = 0; rectified && r < std::min(rows, c.slow_channels - block * rows); ++r) {
      Rectified all{out[r], rectified + (out[r] - y), out[r], frames, slope};
      rectify(all);
    }
  }
}

int fast_tasks(const Convolution& c) { return fast_tiling(c).tasks(); }

void write_fast(const Convolution& c, const std::vector<float>& panels, const std::vector<float>& slow,
                const float* bias, const float* rectified, float slope, float* x, int first, int last) {
  const Tiling tiling = fast_tiling(c);
  const int rows = rows_summed(), taps = blocks(c.kernel, c.stride), terms = c.slow_channels * taps;
  const int length = slow_length(c);
  std::vector<int> offsets;
  for (int o = 0; o < c.slow_channels; ++o)
    for (int n = 0; n < taps; ++n) offsets.push_back(o * length + reach_of(c) - n * c.dilation);
  std::vector<float> made(size_t(rows) * tiling.tile);
  for (int task = first; task < last; ++task) {
    const auto [block, b, begin, frames] = tiling[task];
    float start[8] = {};
    float* out[8];
    for (int r = 0; r < rows; ++r) {
      const int i = (block * rows + r) / c.stride;
      if (bias && i < c.fast_channels) start[r] = bias[i];
      out[r] = i < c.fast_channels && c.stride == 1 ? x + size_t(b) * c.fast_item + i * c.fast_frames + begin
                                                    : made.data() + size_t(r) * tiling.tile;
    }
    Sums sums{slow.data() + size_t(b) * c.slow_channels * length + begin, offsets.data(),
              panels.data() + size_t(block) * terms * rows, start, out, terms, frames};
    sum(sums);
    for (int r = 0; r < std::min(rows, c.fast_channels * c.stride - block * rows); ++r) {
      const int row = block * rows + r, i = row / c.stride;
      float* to = x + size_t(b) * c.fast_item + i * c.fast_frames;
      const float* by = rectified ? rectified + (to - x) : nullptr;
      if (c.stride == 1) {
        Rectified all{to + begin, by + begin, to + begin, frames, slope};
        if (by) rectify(all);
        continue;
      }
      // Where the row's first number belongs: it may lie before the side's start.
      int u = (first_frame(c) + begin) * c.stride + row % c.stride - c.before;
      for (int m = 0; m < frames && u < c.fast_frames; ++m, u += c.stride)
        if (u >= 0) to[u] = by ? rectified_by(out[r][m], by[u], slope) : out[r][m];
    }
  }
}

int gradient_tasks(const Convolution& c) { return blocks(c.slow_channels, kProductRows); }

void write_gradient(const Convolution& c, const float* y, const std::vector<float>& fast, float* gradient, int first,
                    int last) {
  // So many frames of an item or, where it has fewer, items, that their rows stay in a cache; terms likewise.
  constexpr int kFrames = 1024, kTerms = 10 * kProductTerms;
  const int terms = c.fast_channels * c.kernel, items = std::max(1, kFrames / c.slow_frames);
  std::vector<int> offsets = fast_offsets(c);
  offsets.resize(size_t(blocks(terms, kProductTerms)) * kProductTerms, 0);
  Products p;
  p.y_item = c.slow_item, p.in_item = c.fast_channels * c.stride * fast_length(c);
  const int begin_row = first * kProductRows, end_row = std::min(last * kProductRows, c.slow_channels);
  std::fill(gradient + size_t(begin_row) * terms, gradient + size_t(end_row) * terms, 0.f);
  for (int b = 0; b < c.batch; b += items)
    for (int t = 0; t < c.slow_frames; t += kFrames) {
      p.batch = std::min(items, c.batch - b), p.frames = std::min(kFrames, c.slow_frames - t);
      p.in = fast.data() + size_t(b) * p.in_item + t;
      for (int begin = 0; begin < terms; begin += kTerms)
        for (int o = begin_row; o < end_row; o += kProductRows) {
          for (int r = 0; r < kProductRows; ++r)
            p.y[r] = y + size_t(b) * c.slow_item + std::min(o + r, c.slow_channels - 1) * c.slow_frames + t;
          for (int j = begin; j < std::min(begin + kTerms, terms); j += kProductTerms) {
            p.offsets = offsets.data() + j;
            multiply(p);
            for (int r = 0; r < std::min(kProductRows, c.slow_channels - o); ++r)
              for (int n = 0; n < std::min(kProductTerms, terms - j); ++n)
                gradient[size_t(o + r) * terms + j + n] += p.out[r][n];
          }
        }
    }
}

}  // namespace nr
