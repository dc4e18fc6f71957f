#include "dsp/frame_magnitudes.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/hop_columns.h"
#include "dsp/lane_fft.h"
#include "dsp/vector_math.h"

namespace nr {
namespace {

struct Work {
  const FrameMagnitudes& f;
  const LaneFft& fft;
  const std::vector<float>& window;
  const HopColumns& audio;
  float *magnitudes, *energies;  // or:
  const float* gradients;
  HopColumns* to;
};

// What one bin's gradient is: that of its magnitude, towards where it points. half: an inner bin stands for its
// mirrored one too.
template <int W>
NR_KERNEL LaneFft::Bin<W> pulled(const LaneFft::Bin<W>& bin, const Floats<W>& gradient, float half) {
  const Floats<W> size = root_of<W>(bin.re * bin.re + bin.im * bin.im);
  const Floats<W> factor = size > 0.f ? half * gradient / size : Floats<W>{};
  return {factor * bin.re, factor * bin.im};
}

template <int W>
NR_KERNEL void run(Work& w) {
  using F = Floats<W>;
  const FrameMagnitudes& f = w.f;
  const int columns = f.frames + f.window / f.hop - 1, bins = f.bins();
  struct alignas(64) Line {
    float numbers[16];
  };
  std::vector<Line> buffer(f.window * W / 16);
  F* const data = reinterpret_cast<F*>(buffer.data());
  for (int c = 0; c < w.audio.columns(); c += W) {
    const F valid = w.audio.template valid<W>(c);
    w.audio.template load<W>(c, w.window.data(), data);
    size_t frame[W];  // of each lane; an invalid one's is passed over
    for (int l = 0; l < W; ++l) frame[l] = size_t((c + l) / columns) * f.frames + (c + l) % columns;
    if (w.energies) {
      F energy{};
      for (int t = 0; t < f.window; ++t) energy += data[t] * data[t];
      for (int l = 0; l < W; ++l)
        if (valid[l] > 0) w.energies[frame[l]] = energy[l];
    }
    w.fft.forward<W>(data);
    for (int k = 0; k <= f.window / 4; ++k) {
      const auto [low, high] = w.fft.pair<W>(data, k);
      const int mirrored = f.window / 2 - k;
      if (w.magnitudes) {
        const F a = root_of<W>(low.re * low.re + low.im * low.im),
                b = root_of<W>(high.re * high.re + high.im * high.im);
        for (int l = 0; l < W; ++l)
          if (valid[l] > 0) w.magnitudes[frame[l] * bins + k] = a[l], w.magnitudes[frame[l] * bins + mirrored] = b[l];
        continue;
      }
      F a{}, b{};
      for (int l = 0; l < W; ++l)
        if (valid[l] > 0) a[l] = w.gradients[frame[l] * bins + k], b[l] = w.gradients[frame[l] * bins + mirrored];
      const float half = k ? 0.5f : 1;
      w.fft.set_pair<W>(data, k, pulled<W>(low, a, half), pulled<W>(high, b, half));
    }
    if (!w.to) continue;
    w.fft.inverse<W>(data);
    w.to->template add<W>(c, w.window.data(), valid, data);
  }
}
NR_AT_WIDEST(run_all, run, Work)

void run_rows(const FrameMagnitudes& f, const float* audio, float* magnitudes, float* energies, const float* gradients,
              float* audio_gradient) {
  const LaneFft fft(f.window);
  std::vector<float> window(f.window);
  for (int i = 0; i < f.window; ++i) window[i] = float(0.5 - 0.5 * std::cos(2 * M_PI * i / f.window));
  HopColumns from(f.window, f.hop, f.frames, f.rows), to(f.window, f.hop, audio_gradient ? f.frames : 1, f.rows);
  std::vector<float> padded(from.row_samples());
  const int count = std::min(f.samples, int(padded.size()) - f.before);
  for (int row = 0; row < f.rows; ++row) {
    std::copy_n(audio + size_t(row) * f.samples, count, padded.begin() + f.before);
    from.put(row, padded.data());
  }
  Work work{f, fft, window, from, magnitudes, energies, gradients, audio_gradient ? &to : nullptr};
  run_all(work);
  for (int row = 0; audio_gradient && row < f.rows; ++row) {
    to.take(row, padded.data());
    float* out = audio_gradient + size_t(row) * f.samples;
    std::fill(std::copy_n(padded.begin() + f.before, count, out), out + f.samples, 0.f);
  }
}

}  // namespace

bool has_frame_magnitudes(int window, int hop) { return window >= 16 && LaneFft::fits(window) && window % hop == 0; }

void frame_magnitudes(const FrameMagnitudes& f, const float* audio, float* magnitudes, float* energies) {
  run_rows(f, audio, magnitudes, energies, nullptr, nullptr);
}

void frame_magnitudes_gradient(const FrameMagnitudes& f, const float* audio, const float* gradients,
                               float* audio_gradient) {
  run_rows(f, audio, nullptr, nullptr, gradients, audio_gradient);
}

}  // namespace nr
