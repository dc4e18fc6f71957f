// The integer engine: int16 activations, int8 or int16 weights, int32 accumulators that the exporter proved cannot
// overflow. Convolutions are in integer_conv.cpp.
#include <string.h>

#include "kernels.h"
#include "simd.h"

namespace nr {
namespace {

void look_up(const nr_node& n, int16_t* arena) {
  const int16_t* table = n.table;
  each_stretch(n, arena, [table](int16_t* y, const int16_t* a, const int16_t*, int count) {
    for (int i = 0; i < count; ++i) {
      const int32_t at = a[i] + 32768, part = at & 127;
      y[i] = static_cast<int16_t>(smlad(load2(table + (at >> 7)), part * 65535 + 128, 64) >> 7);  // part, 128 - part
    }
  });
}

// The phase wraps around with the machine's integers: 2^32 is a period of sin^2.
void snake(const nr_node& n, int16_t* arena) {
  const int32_t *rate = n.multiplier, *size = static_cast<const int32_t*>(n.bias);
  const int16_t* table = n.table;
  for (int t = 0; t < n.rows; ++t) {
    const int16_t* x = arena + n.a.at + t * n.a.pitch;
    int16_t* y = arena + n.y.at + t * n.y.pitch;
    for (int i = 0; i < n.channels; ++i) {
      const uint32_t phase = static_cast<uint32_t>(x[i]) * static_cast<uint32_t>(rate[i]);
      const int32_t cell = static_cast<int32_t>(phase >> 23), part = static_cast<int32_t>(phase >> 9) & 16383;
      const int32_t sine = (table[cell] * (16384 - part) + table[cell + 1] * part + 8192) >> 14;
      const int32_t bump = static_cast<int32_t>((static_cast<int64_t>(sine) * size[i] + (1 << 22)) >> 23);
      y[i] = static_cast<int16_t>(saturate(x[i] + bump));
    }
  }
}

// factor / sqrt(sum) as multiplier * 2^(shift - 32), within 2^-27 of itself. Integers of 32 bits and their 64-bit
// products only, which are single instructions of a Cortex-M7 and the same bits everywhere. 0 < sum < 2^62, 0 < factor
// < 2^26.
struct Gain {
  int32_t multiplier;
  int shift;  // >= 0
};

Gain gain_of(int32_t factor, uint64_t sum) {
  const uint32_t upper = static_cast<uint32_t>(sum >> 32), lower = static_cast<uint32_t>(sum);
  int halved = 32 - (upper ? __builtin_clz(upper) : 32 + __builtin_clz(lower));
  halved += halved & 1;
  uint32_t rest = static_cast<uint32_t>(halved >= 0 ? sum >> halved : sum << -halved),
           floor = 0;                              // 2^30 <= rest < 2^32
  for (uint32_t bit = 1u << 30; bit; bit >>= 2) {  // integer square root, one bit a step
    const bool fits = rest >= floor + bit;
    if (fits) rest -= floor + bit;
    floor = (floor >> 1) + (fits ? bit : 0);
  }
  const uint32_t part = (rest << 15) / floor;  // sqrt(f^2 + rest) = f + rest / 2f
  const uint32_t root = (floor << 16) + (part < 65535 ? part : 65535);
  const uint32_t guess = (0xffffffffu / floor) << 14;  // 2^62 / root, then one step of Newton's
  const uint32_t product = static_cast<uint32_t>((static_cast<uint64_t>(root) * guess) >> 31);
  const uint32_t inverse = static_cast<uint32_t>((static_cast<uint64_t>(guess) * (0u - product)) >> 31);
  const int zeros = __builtin_clz(static_cast<uint32_t>(factor));
  const int32_t gain =
      static_cast<int32_t>((static_cast<uint64_t>(static_cast<uint32_t>(factor) << zeros) * inverse) >> 33);
  const int shift = 19 - zeros - halved / 2;
  return shift >= 0 ? Gain{gain, shift} : Gain{gain >> -shift, 0};
}

// Up to 2^32 channels. |x| <= root, hence x << shift stays below 32 * factor.
void unit_norm(const nr_node& n, int16_t* arena) {
  for (int t = 0; t < n.rows; ++t) {
    const int16_t* x = arena + n.a.at + t * n.a.pitch;
    int16_t* y = arena + n.y.at + t * n.y.pitch;
    uint64_t sum = 0;
    for (int i = 0; i < n.channels; ++i) sum += static_cast<uint32_t>(x[i] * x[i]);
    if (sum == 0) {
      memset(y, 0, sizeof(int16_t) * n.channels);
      continue;
    }
    const Gain gain = gain_of(n.factor, sum);
    for (int i = 0; i < n.channels; ++i)
      y[i] = static_cast<int16_t>(
          saturate(smmulr(static_cast<int32_t>(static_cast<uint32_t>(x[i]) << gain.shift), gain.multiplier)));
  }
}

// A filter for every row or two: each bin's response, times its amplitude. A bin's weights add up to less than 4, so
// that 32 bits hold what it lets through. Pairs: of taps; 0: any number.
template <int Pairs>
NR_HOT void filter_rows(const nr_node& n, int16_t* arena) {
  const int pairs = Pairs ? Pairs : (n.run + 1) / 2, pitch = n.b.pitch, odd = n.run & 1;
  for (int c = 0; c < n.channels; ++c) {
    int32_t past[Pairs ? Pairs : (kMostTaps + 1) / 2];  // two samples each, the newest first
    const int16_t* x = arena + n.b.at + c;
    for (int j = 0, k = 1; j < pairs; ++j, k += 2)
      past[j] = k < n.run ? pack(x[-k * pitch], x[-(k + 1 < n.run ? k + 1 : k) * pitch]) : 0;
    for (int t = 0; t < n.rows; ++t, x += pitch) {
      for (int j = pairs - 1; j > 0; --j)
        past[j] = static_cast<int32_t>(static_cast<uint32_t>(past[j]) << 16 | static_cast<uint32_t>(past[j - 1]) >> 16);
      past[0] = pack(*x, past[0]);
      const int32_t last = past[pairs - 1] & (odd ? 65535 : -1);
      const int16_t *amplitudes = arena + n.a.at + t / n.row_step * n.a.pitch + c * n.runs,
                    *response = static_cast<const int16_t*>(n.weights);
      int64_t sum = 0;
      for (int i = 0; i < n.runs; ++i, response += n.run) {
        int32_t through = 0;
        for (int j = 0; j < pairs - 1; ++j) through = smlad(load2(response + 2 * j), past[j], through);
        through = smlad(odd ? response[n.run - 1] : load2(response + n.run - 2), last, through);
        sum += static_cast<int64_t>(through) * amplitudes[i];
      }
      arena[n.y.at + t * n.y.pitch + c] =
          static_cast<int16_t>(saturate(smmulr(static_cast<int32_t>(sum >> 20), n.factor)));
    }
  }
}

// Taps below 2^30, at most 63 of them, and 16-bit noise: sums below 2^51, whose upper 32 bits go on.
void frame_filter(const nr_node& n, int16_t* arena) {
  if (n.row_step <= 2) return (n.run + 1) / 2 == 4 ? filter_rows<4>(n, arena) : filter_rows<0>(n, arena);
  const int16_t* responses = static_cast<const int16_t*>(n.weights);
  for (int t = 0; t < n.rows; t += n.row_step)
    for (int c = 0; c < n.channels; ++c) {
      int32_t taps[kMostTaps] = {};
      const int16_t* amplitudes = arena + n.a.at + t / n.row_step * n.a.pitch + c * n.runs;
      for (int i = 0; i < n.runs; ++i)
        for (int k = 0; k < n.run; ++k) taps[k] += amplitudes[i] * responses[i * n.run + k];
      for (int j = t; j < t + n.row_step; ++j) {
        const int16_t* noise = arena + n.b.at + j * n.b.pitch + c;
        int64_t sum = 0;
        for (int k = 0; k < n.run; ++k, noise -= n.b.pitch) sum += static_cast<int64_t>(taps[k]) * *noise;
        arena[n.y.at + j * n.y.pitch + c] =
            static_cast<int16_t>(saturate(smmulr(static_cast<int32_t>(sum >> 20), n.factor)));
      }
    }
}

}  // namespace

NR_HOT void run_pulses(const nr_node& n, int16_t* arena, Pulses& pulses) {
  int16_t* y = arena + n.y.at;
  const int16_t *pitch = arena + n.a.at, *periodicity = arena + n.b.at;
  for (int t = 0; t < n.rows; t += n.row_step, pitch += n.a.pitch, periodicity += n.b.pitch)
    pulses.controlled(n.factor, control_of(*pitch, n.multiplier[0]), control_of(*periodicity, n.multiplier[1]),
                      n.row_step, [&](int32_t sample) {
                        *y = static_cast<int16_t>(saturate((sample + (1 << (kPulseBits - 1))) >> kPulseBits));
                        y += n.y.pitch;
                      });
}

void run_node(const nr_node& n, int16_t* arena) {
  switch (static_cast<nr_op>(n.op)) {
    case NR_CONV:
      run_conv(n, arena);
      break;
    case NR_LEAKY_RELU: {
      const int32_t slope = n.factor;
      each_stretch(n, arena, [slope](int16_t* y, const int16_t* a, const int16_t*, int count) {
        for (; count >= 8; count -= 8, y += 8, a += 8) {
          const int32_t a0 = load2(a), a1 = load2(a + 2), a2 = load2(a + 4), a3 = load2(a + 6);
          store2(y, leaky2(a0, slope)), store2(y + 2, leaky2(a1, slope));
          store2(y + 4, leaky2(a2, slope)), store2(y + 6, leaky2(a3, slope));
        }
        for (; count >= 2; count -= 2, y += 2, a += 2) store2(y, leaky2(load2(a), slope));
        if (count) *y = static_cast<int16_t>(leaky2(*a, slope));
      });
      break;
    }
    case NR_TANH:
    case NR_SIGMOID:
    case NR_MOD_SIGMOID:
      look_up(n, arena);
      break;
    case NR_ADD:
      each_stretch(n, arena, [](int16_t* y, const int16_t* a, const int16_t* b, int count) {
        for (; count >= 2; count -= 2, y += 2, a += 2, b += 2) store2(y, qadd2(load2(a), load2(b)));
        if (count) *y = static_cast<int16_t>(saturate(*a + *b));
      });
      break;
    case NR_MUL: {
      const int step = n.b_channels == 1 ? 0 : 1;
      for (int t = 0; t < n.rows; ++t) {
        const int16_t *a = arena + n.a.at + t * n.a.pitch, *b = arena + n.b.at + t * n.b.pitch;
        int16_t* y = arena + n.y.at + t * n.y.pitch;
        int i = 0;
        for (; step && i + 1 < n.channels; i += 2) {
          const int32_t x = load2(a + i), z = load2(b + i);
          const int32_t low = static_cast<int16_t>(x) * static_cast<int16_t>(z), high = (x >> 16) * (z >> 16);
          store2(y + i, pack(saturate(smmulr(low, n.factor)), saturate(smmulr(high, n.factor))));
        }
        for (; i < n.channels; ++i) y[i] = static_cast<int16_t>(saturate(smmulr(a[i] * b[i * step], n.factor)));
      }
      break;
    }
    case NR_CONCAT:
      for (int t = 0; t < n.rows; ++t) {
        int16_t* y = arena + n.y.at + t * n.y.pitch;
        memcpy(y, arena + n.a.at + t * n.a.pitch, sizeof(int16_t) * (n.channels - n.b_channels));
        memcpy(y + n.channels - n.b_channels, arena + n.b.at + t * n.b.pitch, sizeof(int16_t) * n.b_channels);
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
