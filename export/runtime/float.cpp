// The float engine. Its own tanh and sigmoid, so that every machine computes the same without a C library.
#include <string.h>

#include "kernels.h"

namespace nr {
namespace {

// Relative error 1e-7: 2^k times Taylor's series on half an octave. Not a number counts as -87, so that k fits an int
// whatever comes in.
float exponential(float x) {
  if (x > 88.0f) x = 88.0f;
  if (!(x >= -87.0f)) x = -87.0f;
  const float scaled = x * 1.44269504f;
  const int k = static_cast<int>(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
  const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;  // ln 2 in two parts
  float sum = 1.0f / 5040;
  const float terms[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f};
  for (const float term : terms) sum = sum * r + term;
  const int32_t bits = (k + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return sum * power;
}

float logarithm(float x) {  // of x >= 1: exponent and 2 artanh((m - 1) / (m + 1)), m around 1
  int32_t bits;
  memcpy(&bits, &x, 4);
  const int k = (bits - 0x3f3504f3) >> 23;
  bits -= k * (1 << 23);
  float m;
  memcpy(&m, &bits, 4);
  const float s = (m - 1.0f) / (m + 1.0f), s2 = s * s;
  return k * 0.693147181f + 2.0f * s * (1.0f + s2 * (1.0f / 3 + s2 * (1.0f / 5 + s2 * (1.0f / 7 + s2 * (1.0f / 9)))));
}

float tangent(float x) { return 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f); }
float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }
float mod_sigmoid(float x) { return 2.0f * exponential(-2.3f * logarithm(1.0f + exponential(-x))) + 1e-7f; }

// Taylor's series within pi / 2 of a multiple of pi: error 2e-7. 0 where k would not fit an int.
float squared_sine(float x) {
  const float halves = x * 0.318309886f;
  if (!(halves > -1e9f && halves < 1e9f)) return 0.0f;
  const int k = static_cast<int>(halves + (halves < 0.0f ? -0.5f : 0.5f));
  const float r = (x - k * 3.140625f) - k * 9.67653590e-4f, r2 = r * r;  // pi in two parts
  float sum = -1.0f / 39916800;
  const float terms[] = {1.0f / 362880, -1.0f / 5040, 1.0f / 120, -1.0f / 6, 1.0f};
  for (const float term : terms) sum = sum * r2 + term;
  return r2 * sum * sum;
}

// R rows by 4 outputs in registers.
template <int R>
inline void block(const nr_node& n, const float* w, const float* bias, const float* x, float* y, int outputs) {
  float acc[R][4];
  for (int r = 0; r < R; ++r)
    for (int j = 0; j < 4; ++j) acc[r][j] = bias[j];
  const float* rows[R];
  for (int k = 0; k < n.runs; ++k, x += n.run_step) {
    for (int r = 0; r < R; ++r) rows[r] = x + r * n.row_step;
    for (int i = 0; i < n.run; ++i, w += 4)
      for (int r = 0; r < R; ++r) {
        const float v = rows[r][i];
        for (int j = 0; j < 4; ++j) acc[r][j] += w[j] * v;
      }
  }
  for (int r = 0; r < R; ++r)
    for (int j = 0; j < outputs; ++j) y[r * n.y.pitch + j] = acc[r][j];
}

NR_HOT void conv(const nr_node& n, float* arena) {
  const float *w = static_cast<const float*>(n.weights), *bias = static_cast<const float*>(n.bias);
  const float* x = arena + n.a.at;
  float* y = arena + n.y.at;
  for (int o = 0; o < n.channels; o += 4, w += 4 * n.runs * n.run) {
    const int outputs = n.channels - o < 4 ? n.channels - o : 4;
    int t = 0;
    for (; t + 4 <= n.rows; t += 4) block<4>(n, w, bias + o, x + t * n.row_step, y + t * n.y.pitch + o, outputs);
    for (; t < n.rows; ++t) block<1>(n, w, bias + o, x + t * n.row_step, y + t * n.y.pitch + o, outputs);
  }
}

void snake(const nr_node& n, float* arena) {
  const float *rate = static_cast<const float*>(n.weights), *size = static_cast<const float*>(n.bias);
  for (int t = 0; t < n.rows; ++t) {
    const float* x = arena + n.a.at + t * n.a.pitch;
    float* y = arena + n.y.at + t * n.y.pitch;
    for (int i = 0; i < n.channels; ++i) y[i] = x[i] + squared_sine(rate[i] * x[i]) * size[i];
  }
}

// 1 / sqrt(x) within rounding, without libm: the exponent halved in the bits (Lomont 2003), then Newton.
float inverse_root(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits = 0x5f375a86u - (bits >> 1);
  float y;
  memcpy(&y, &bits, sizeof y);
  for (int i = 0; i < 4; ++i) y *= 1.5f - 0.5f * x * y * y;
  return y;
}

void unit_norm(const nr_node& n, float* arena) {
  for (int t = 0; t < n.rows; ++t) {
    const float* x = arena + n.a.at + t * n.a.pitch;
    float* y = arena + n.y.at + t * n.y.pitch;
    float sum = 0.0f;
    for (int i = 0; i < n.channels; ++i) sum += x[i] * x[i];
    const float gain = sum > 1e-30f ? inverse_root(sum) : 0.0f;
    for (int i = 0; i < n.channels; ++i) y[i] = x[i] * gain;
  }
}

void frame_filter(const nr_node& n, float* arena) {
  const float* responses = static_cast<const float*>(n.weights);
  for (int t = 0; t < n.rows; t += n.row_step)
    for (int c = 0; c < n.channels; ++c) {
      float taps[kMostTaps] = {};
      const float* amplitudes = arena + n.a.at + t / n.row_step * n.a.pitch + c * n.runs;
      for (int i = 0; i < n.runs; ++i)
        for (int k = 0; k < n.run; ++k) taps[k] += amplitudes[i] * responses[i * n.run + k];
      for (int j = t; j < t + n.row_step; ++j) {
        const float* noise = arena + n.b.at + j * n.b.pitch + c;
        float sum = 0.0f;
        for (int k = 0; k < n.run; ++k, noise -= n.b.pitch) sum += taps[k] * *noise;
        arena[n.y.at + j * n.y.pitch + c] = sum;
      }
    }
}

template <class F>
void map(const nr_node& n, float* arena, F f) {
  each_stretch(n, arena, [f](float* y, const float* a, const float*, int count) {
    for (int i = 0; i < count; ++i) y[i] = f(a[i]);
  });
}

}  // namespace

void run_pulses(const nr_node& n, float* arena, Pulses& pulses) {
  float* y = arena + n.y.at;
  const float *pitch = arena + n.a.at, *periodicity = arena + n.b.at;
  for (int t = 0; t < n.rows; t += n.row_step, pitch += n.a.pitch, periodicity += n.b.pitch)
    pulses.controlled(n.factor, control_of(*pitch), control_of(*periodicity), n.row_step, [&](int32_t sample) {
      *y = sample * (1.0f / kPulseOne);
      y += n.y.pitch;
    });
}

void run_node(const nr_node& n, float* arena) {
  switch (static_cast<nr_op>(n.op)) {
    case NR_CONV:
      conv(n, arena);
      break;
    case NR_LEAKY_RELU: {
      const float slope = n.slope;
      map(n, arena, [slope](float x) { return x < 0.0f ? x * slope : x; });
      break;
    }
    case NR_TANH:
      map(n, arena, tangent);
      break;
    case NR_SIGMOID:
      map(n, arena, sigmoid);
      break;
    case NR_MOD_SIGMOID:
      map(n, arena, mod_sigmoid);
      break;
    case NR_ADD:
      each_stretch(n, arena, [](float* y, const float* a, const float* b, int count) {
        for (int i = 0; i < count; ++i) y[i] = a[i] + b[i];
      });
      break;
    case NR_MUL: {
      const int step = n.b_channels == 1 ? 0 : 1;
      for (int t = 0; t < n.rows; ++t) {
        const float *a = arena + n.a.at + t * n.a.pitch, *b = arena + n.b.at + t * n.b.pitch;
        float* y = arena + n.y.at + t * n.y.pitch;
        for (int i = 0; i < n.channels; ++i) y[i] = a[i] * b[i * step];
      }
      break;
    }
    case NR_CONCAT:
      for (int t = 0; t < n.rows; ++t) {
        float* y = arena + n.y.at + t * n.y.pitch;
        memcpy(y, arena + n.a.at + t * n.a.pitch, sizeof(float) * (n.channels - n.b_channels));
        memcpy(y + n.channels - n.b_channels, arena + n.b.at + t * n.b.pitch, sizeof(float) * n.b_channels);
      }
      break;
    case NR_SNAKE:
      snake(n, arena);
      break;
    case NR_UNIT_NORM:
      unit_norm(n, arena);
      break;
    case NR_FRAME_FILTER:
      frame_filter(n, arena);
      break;
    case NR_PULSES:
      break;  // run_pulses
    case NR_INPUT:
    case NR_CONV_TRANSPOSE:
    case NR_BATCH_NORM:
    case NR_ADAIN:
    case NR_SLICE:
    case NR_DELAY:
      break;  // lowered away
  }
}

}  // namespace nr
