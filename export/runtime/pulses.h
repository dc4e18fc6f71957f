// The harmonic excitation of a decoder: band-limited pulses, all partials below 0.475 of the sample rate at one phase
// and one amplitude, of about unit power. In integers, so that every machine makes the same samples.
#pragma once
#include <stdint.h>

namespace nr {

// What the controls `pitch` and `periodicity` mean where a decoder has an excitation: [-1, 1] is this many octaves
// around kMiddleHz, 20 Hz to 5120 Hz, and periodicity 0 to 1.
constexpr int32_t kPitchOctaves = 8;
constexpr double kMiddleHz = 320, kLowestHz = 20, kHighestHz = 5120;

constexpr int32_t kPulseOne = 65536;  // 1 of samples, octaves, gates and controls, in the numbers below
constexpr int kPulseBits = 7;          // an integer program's samples are so many bits shorter: in 1/512

// A control in 1/65536; not a number: the least.
inline int32_t control_of(float x) {
  return x >= 8.0f ? 8 * kPulseOne : x > -8.0f ? static_cast<int32_t>(x * kPulseOne) : -8 * kPulseOne;
}

// 2^x = mantissa / 2^30 * 2^exponent; x in 1/65536.
struct Power {
  uint32_t mantissa;  // 2^30 ... 2^31
  int32_t exponent;
};

// Taylor's series of e^(f ln 2), in 1/2^30: error 1e-8.
constexpr int64_t kPowerTerms[] = {1073741824, 744261118, 257941248, 59597083, 10327387,
                                   1431680,    165394,    16377,     1419,     109};

inline Power power_of_two(int32_t x) {
  const int64_t f = static_cast<int64_t>(x & 65535) << 14;
  int64_t sum = kPowerTerms[9];
  for (int i = 8; i >= 0; --i) sum = kPowerTerms[i] + ((sum * f) >> 30);
  return {static_cast<uint32_t>(sum), x >> 16};
}

// 1 / x = mantissa * 2^(zeros - 63), within 2^-30 of itself; x > 0.
struct Reciprocal {
  uint32_t mantissa;
  int zeros;
};

inline Reciprocal reciprocal_of(uint32_t x) {
  const int zeros = __builtin_clz(x);
  const uint32_t y = x << zeros, guess = (0xffffffffu / (y >> 16)) << 15;
  const uint32_t product = static_cast<uint32_t>((static_cast<uint64_t>(y) * guess) >> 32);
  const uint64_t better = (static_cast<uint64_t>(guess) * (0u - product)) >> 31;  // a step of Newton's
  return {better > 0xffffffffu ? 0xffffffffu : static_cast<uint32_t>(better), zeros};
}

constexpr int32_t kSineTerms[] = {1686629713, -693598668, 85569306, -5026995, 172272, -3864};

// sin(2 pi turns), in 1/2^30; 2^32 is a turn. Taylor's series within a quarter: error 6e-8. 32-bit factors: a Cortex-M7
// multiplies them in one instruction.
inline int32_t sine_of(uint32_t turns) {
  int32_t x = static_cast<int32_t>(turns);
  if ((turns ^ (turns << 1)) & 0x80000000u) x = static_cast<int32_t>(0x80000000u - turns);
  const int32_t square = static_cast<int32_t>((static_cast<int64_t>(x) * x) >> 30);
  int32_t sum = kSineTerms[5];
  for (int i = 4; i >= 0; --i) sum = kSineTerms[i] + static_cast<int32_t>((static_cast<int64_t>(sum) * square) >> 30);
  return static_cast<int32_t>((static_cast<int64_t>(sum) * x) >> 30);
}

// The same of an integer program, whose step is multiplier / 2^32.
inline int32_t control_of(int16_t x, int32_t multiplier) {
  return static_cast<int32_t>((static_cast<int64_t>(x) * multiplier + 32768) >> 16);
}

class Pulses {
 public:
  static constexpr int32_t kLowest = -14 * kPulseOne, kHighest = -70386;  // 2^-14 periods a sample, and kTop
  static constexpr int64_t kTop = 2040109465;                             // 0.475 in 1/2^32
  // 1 / sqrt(2 kTop) in 1/2^30: the gain that makes the power of kTop / increment partials 1 is this times the
  // increment's root.
  static constexpr int64_t kRoot = 1101635867;

  // One frame as a node has it. pitch, periodicity: controls in 1/65536; a pitch below 20 Hz plays at 20 Hz, and one
  // that is not a number is silent. middle: log2 of the periods a sample at pitch 0, in 1/65536. The gate opens between
  // the periodicities 0.5, which noise may have, and 0.8.
  template <class Put>
  void controlled(int32_t middle, int32_t pitch, int32_t periodicity, int count, Put put) {
    const bool known = pitch > -8 * kPulseOne;
    if (pitch < -kPulseOne) pitch = -kPulseOne;
    const int64_t open = int64_t{periodicity} * 109227 >> 16;  // x / 0.6
    const int32_t gate = !known || open < 0 ? 0 : open > kPulseOne ? kPulseOne : static_cast<int32_t>(open);
    frame(static_cast<int32_t>(int64_t{middle} + pitch * (kPitchOctaves / 2)), gate, count, put);
  }

  // One frame of `count` samples. Pitch and gate move evenly from the last frame's to these; after a reset, or a gate
  // of 0, the pitch begins where it is. pitch: log2 of periods a sample, in 1/65536; limited to what can be played.
  // gate: 0 to 65536. put(sample): in 1/65536.
  template <class Put>
  void frame(int32_t pitch, int32_t gate, int count, Put put) {
    pitch = pitch < kLowest ? kLowest : pitch > kHighest ? kHighest : pitch;
    const Power periods = power_of_two(pitch), root = power_of_two(pitch >> 1);
    const uint32_t increment = periods.mantissa >> (-2 - periods.exponent);
    const int32_t gain = static_cast<int32_t>(((root.mantissa >> -root.exponent) * kRoot >> 30) * gate >> 16);
    if (gain_ == 0) increment_ = increment;
    const int32_t step = static_cast<int32_t>(increment - increment_) / count,
                  louder = (gain - gain_) / count;
    uint32_t partials = partials_of(increment_);
    for (int i = 0; i < count; ++i) {
      increment_ += static_cast<uint32_t>(step), gain_ += louder;
      phase_ += increment_;
      if (step) partials = partials_of(increment_);
      put(gain_ == 0 ? 0 : static_cast<int32_t>((static_cast<int64_t>(gain_) * kernel(partials)) >> 30));
    }
    increment_ = increment, gain_ = gain;
  }

 private:
  static uint32_t partials_of(uint32_t increment) {  // in 1/65536
    const Reciprocal period = reciprocal_of(increment);
    return static_cast<uint32_t>((uint64_t{kTop} * period.mantissa) >> (47 - period.zeros));
  }

  // 2 sum_k a_k cos(2 pi k p), in 1/65536, by the closed form of Dirichlet's kernel. a_k = min(1, kTop / increment -
  // k): partials fade out as they rise to kTop, so that none appears at once when the pitch moves.
  int32_t kernel(uint32_t partials) const {
    const uint32_t whole = (partials >> 16) - 1, half = phase_ >> 1;
    const int32_t share = static_cast<int32_t>(partials & 65535), below = sine_of(half);
    if (below < 4096) return static_cast<int32_t>(whole << 17) + 2 * share;
    const int32_t above = sine_of((2 * whole + 1) * half);
    const int64_t last = (int64_t{share} * sine_of((2 * whole + 2) * half + (1u << 30))) >> 29;
    const Reciprocal inverse = reciprocal_of(static_cast<uint32_t>(below));
    const int64_t ratio = (above * static_cast<int64_t>(inverse.mantissa)) >> (47 - inverse.zeros);
    return static_cast<int32_t>(ratio - kPulseOne + last);
  }

  uint32_t phase_ = 0, increment_ = 0;  // 2^32 is a period
  int32_t gain_ = 0;                    // in 1/2^30
};

}  // namespace nr
