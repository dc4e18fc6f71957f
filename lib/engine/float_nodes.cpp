#include <algorithm>
#include <cstring>

#include "dsp/activation.h"
#include "dsp/vector_math.h"
#include "engine/nodes.h"
#include "export/runtime/kernels.h"

namespace nr {
namespace {

struct Numbers {
  const float *a, *b;
  float* y;
  int count;
  float factor;
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
  if (count >= W)
    *reinterpret_cast<Floats<W>*>(to) = x;
  else
    std::memcpy(to, &x, count * sizeof(float));
}

struct Leaky {
  template <int W>
  static NR_KERNEL Floats<W> of(const Floats<W>& a, const Floats<W>&, float slope) { return a < 0.f ? a * slope : a; }
};
struct Tangent {
  template <int W>
  static NR_KERNEL Floats<W> of(const Floats<W>& a, const Floats<W>&, float) {
    return 1.f - 2.f / (exp_of<W>(2.f * a) + 1.f);
  }
};
struct Sigmoid {
  template <int W>
  static NR_KERNEL Floats<W> of(const Floats<W>& a, const Floats<W>&, float) { return 1.f / (1.f + exp_of<W>(-a)); }
};
struct Sum {
  template <int W>
  static NR_KERNEL Floats<W> of(const Floats<W>& a, const Floats<W>& b, float) { return a + b; }
};
struct Product {
  template <int W>
  static NR_KERNEL Floats<W> of(const Floats<W>& a, const Floats<W>& b, float) { return a * b; }
};
struct Gain {
  template <int W>
  static NR_KERNEL Floats<W> of(const Floats<W>& a, const Floats<W>&, float gain) { return a * gain; }
};

// y = Work::of(a, b, factor), W at a time.
template <class Work, int W>
NR_KERNEL void all(const Numbers& n) {
  int i = 0;
  for (; i + W <= n.count; i += W)
    stored<W>(Work::template of<W>(loaded<W>(n.a + i, W), loaded<W>(n.b + i, W), n.factor), n.y + i, W);
  if (const int left = n.count - i; left > 0)
    stored<W>(Work::template of<W>(loaded<W>(n.a + i, left), loaded<W>(n.b + i, left), n.factor), n.y + i, left);
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
void map(const nr_node& n, float* arena) {
  each_stretch(n, arena, [&](float* y, const float* a, const float* b, int count) {
    all<Work>({a, b, y, count, n.slope});
  });
}

// By a gain for every channel, or one for all of them.
void multiply(const nr_node& n, float* arena) {
  const bool one = n.b_channels == 1;
  for (int t = 0; t < n.rows; ++t) {
    const float *a = arena + n.a.at + t * n.a.pitch, *b = arena + n.b.at + t * n.b.pitch;
    const Numbers row{a, one ? a : b, arena + n.y.at + t * n.y.pitch, n.channels, *b};
    one ? all<Gain>(row) : all<Product>(row);
  }
}

struct Rows {
  const nr_node& n;
  float* arena;
};

// sin(x)^2 as export/runtime/float.cpp has it.
template <int W>
NR_KERNEL Floats<W> squared_sine(const Floats<W>& x) {
  using F = Floats<W>;
  const F halves = x * 0.318309886f;
  const Ints<W> fits = (halves > -1e9f) & (halves < 1e9f);
  const F turns = fits ? halves : F{};
  const Ints<W> whole = __builtin_convertvector(turns + (turns < 0.f ? F{} - 0.5f : F{} + 0.5f), Ints<W>);
  const F k = __builtin_convertvector(whole, F), r = (x - k * 3.140625f) - k * 9.67653590e-4f, square = r * r;
  F sine = F{} - 1.f / 39916800;
  sine = sine * square + 1.f / 362880;
  sine = sine * square - 1.f / 5040;
  sine = sine * square + 1.f / 120;
  sine = sine * square - 1.f / 6;
  sine = sine * square + 1.f;
  return fits ? square * sine * sine : F{};
}

template <int W>
NR_KERNEL void snake_kernel(Rows& rows) {
  const nr_node& n = rows.n;
  const float *rate = static_cast<const float*>(n.weights), *size = static_cast<const float*>(n.bias);
  for (int t = 0; t < n.rows; ++t) {
    const float* a = rows.arena + n.a.at + t * n.a.pitch;
    float* y = rows.arena + n.y.at + t * n.y.pitch;
    for (int i = 0; i < n.channels; i += W) {
      const int left = n.channels - i;
      const Floats<W> x = loaded<W>(a + i, left);
      stored<W>(x + squared_sine<W>(loaded<W>(rate + i, left) * x) * loaded<W>(size + i, left), y + i, left);
    }
  }
}
NR_AT_WIDEST(snake, snake_kernel, Rows)

// W channels at once: their amplitudes, transposed, give W filters, which W columns of b go through.
template <int W>
NR_KERNEL void frame_filter_kernel(Rows& rows) {
  using F = Floats<W>;
  const nr_node& n = rows.n;
  const float* responses = static_cast<const float*>(n.weights);
  for (int t = 0; t < n.rows; t += n.row_step)
    for (int c = 0; c < n.channels; c += W) {
      const int left = n.channels - c;
      const float* amplitudes = rows.arena + n.a.at + t / n.row_step * n.a.pitch + c * n.runs;
      F taps[kMostTaps];
      for (int k = 0; k < n.run; ++k) taps[k] = F{};
      for (int i = 0; i < n.runs; ++i) {
        F amplitude{};
        for (int l = 0; l < std::min(W, left); ++l) amplitude[l] = amplitudes[l * n.runs + i];
        for (int k = 0; k < n.run; ++k) taps[k] += amplitude * responses[i * n.run + k];
      }
      for (int j = t; j < t + n.row_step; ++j) {
        const float* noise = rows.arena + n.b.at + j * n.b.pitch + c;
        F sum{};
        for (int k = 0; k < n.run; ++k, noise -= n.b.pitch) sum += taps[k] * loaded<W>(noise, left);
        stored<W>(sum, rows.arena + n.y.at + j * n.y.pitch + c, left);
      }
    }
}
NR_AT_WIDEST(frame_filter, frame_filter_kernel, Rows)

}  // namespace

void run_vectors(const nr_node& n, float* arena) {
  Rows rows{n, arena};
  switch (static_cast<nr_op>(n.op)) {
    case NR_LEAKY_RELU:
      map<Leaky>(n, arena);
      break;
    case NR_TANH:
      map<Tangent>(n, arena);
      break;
    case NR_SIGMOID:
      map<Sigmoid>(n, arena);
      break;
    case NR_MOD_SIGMOID:
      each_stretch(n, arena, [](float* y, const float* a, const float*, int count) { mod_sigmoid(a, y, count); });
      break;
    case NR_ADD:
      map<Sum>(n, arena);
      break;
    case NR_MUL:
      multiply(n, arena);
      break;
    case NR_SNAKE:
      snake(rows);
      break;
    case NR_FRAME_FILTER:
      frame_filter(rows);
      break;
    case NR_CONCAT:
    case NR_UNIT_NORM:
    case NR_INPUT:
    case NR_CONV:
    case NR_CONV_TRANSPOSE:
    case NR_BATCH_NORM:
    case NR_ADAIN:
    case NR_SLICE:
    case NR_DELAY:
    case NR_PULSES:
      run_node(n, arena);
      break;
  }
}

}  // namespace nr
