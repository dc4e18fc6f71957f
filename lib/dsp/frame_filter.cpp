#include "dsp/frame_filter.h"

#include <cmath>
#include <cstring>

#include "dsp/simd.h"

namespace nr {
namespace {

struct Rows {
  const FrameFilter& f;
  const float* past;  // signal behind taps - 1 zeros, and 16 after it
  const float *amplitudes, *dy;
  float *y, *damplitudes;  // one of them is null
};

template <int W>
NR_KERNEL Floats<W> loaded(const float* from, int count) {
  if (count >= W) return *reinterpret_cast<const Floats<W>*>(from);
  Floats<W> out{};
  std::memcpy(&out, from, count * sizeof(float));
  return out;
}

template <int W>
NR_KERNEL void stored(const Floats<W>& x, float* to, int count) {
  std::memcpy(to, &x, (count < W ? count : W) * sizeof(float));
}

template <int W>
NR_KERNEL void filter(Rows& rows) {
  using F = Floats<W>;
  const FrameFilter& f = rows.f;
  for (int t = 0; t < f.frames; t += W) {
    const int count = f.frames - t;
    F y{};
    const F dy = rows.dy ? loaded<W>(rows.dy + t, count) : F{};
    for (int i = 0; i < f.bins; ++i) {
      const float *response = f.responses + i * f.taps, *last = rows.past + t + f.taps - 1;
      F filtered{};
      for (int k = 0; k < f.taps; ++k) filtered += response[k] * *reinterpret_cast<const F*>(last - k);
      if (rows.y)
        y += filtered * loaded<W>(rows.amplitudes + size_t(i) * f.frames + t, count);
      else
        stored<W>(filtered * dy, rows.damplitudes + size_t(i) * f.frames + t, count);
    }
    if (rows.y) stored<W>(y, rows.y + t, count);
  }
}
NR_AT_WIDEST(filter_row, filter, Rows)

void for_channels(const FrameFilter& f, const float* amplitudes, const float* signal, const float* dy, float* y,
                  float* damplitudes) {
  std::vector<float> past(f.taps - 1 + f.frames + 16);
  for (int c = 0; c < f.channels; ++c) {
    const size_t at = size_t(c) * f.frames, of_bins = at * f.bins;
    std::memcpy(past.data() + f.taps - 1, signal + at, f.frames * sizeof(float));
    Rows rows{f,
              past.data(),
              amplitudes ? amplitudes + of_bins : nullptr,
              dy ? dy + at : nullptr,
              y ? y + at : nullptr,
              damplitudes ? damplitudes + of_bins : nullptr};
    filter_row(rows);
  }
}

}  // namespace

void filter_frames(const FrameFilter& f, const float* amplitudes, const float* signal, float* y) {
  for_channels(f, amplitudes, signal, nullptr, y, nullptr);
}

void filter_frames_gradient(const FrameFilter& f, const float* signal, const float* dy, float* damplitudes) {
  for_channels(f, nullptr, signal, dy, nullptr, damplitudes);
}

std::vector<float> design_frame_filter(int bins) {
  const int size = 2 * (bins - 1), side = bins - 2;  // taps on each side of the middle
  const double step = 2 * std::acos(-1.0) / size;
  std::vector<float> out;
  for (int i = 0; i < bins; ++i)
    for (int k = -side; k <= side; ++k) {
      const double mirrored = i == 0 || i == bins - 1 ? 1 : 2, window = 0.5 * (1 + std::cos(step * k));
      out.push_back(float(window * mirrored / size * std::cos(step * i * k)));
    }
  return out;
}

}  // namespace nr
