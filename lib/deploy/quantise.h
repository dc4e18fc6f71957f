// Numbers for the integer engine: symmetric, zero point 0. A weight has a scale per output channel, a wire one for the whole.
#pragma once
#include "deploy/steps.h"

namespace nr {

using Peaks = std::vector<double>;   // largest magnitude seen on each store
using StoreScales = std::vector<double>;  // physical value of 1, by store

struct IntegerFilter {
  int taps = 0;                           // weights an output
  std::vector<int16_t> weight;            // [outputs][taps]
  std::vector<int32_t> bias, multiplier;  // [outputs]
};

// StoreScales with 15 % of headroom, the same for all that add, concat, leaky_relu and snake tie together (so that a residual add is one
// saturating instruction), and large enough that every multiplier fits 31 bits.
StoreScales choose_scales(const Steps& steps, const Peaks& peaks, int weight_bits);

// A frame filter's output a unit of its amplitudes, and how fine the noise is that a stream draws: see export/runtime/integer.cpp.
constexpr double kNoiseUnit = 1.0 / 512, kNoiseStep = 1.0 / 32768;

// |sum of products + bias| < 2^31 for every possible input, by scaling down an output's weights where needed; proven on the result.
IntegerFilter quantise(const Filter& filter, double in_scale, double out_scale, int bits);
int64_t largest_accumulator(const IntegerFilter& filter, int output);

// 8, or 16 for what has fixed weights (the filter bank).
int bits_of(const Filter& filter, int weight_bits);

// f at 513 points of the int16 input range.
std::vector<int16_t> make_table(Op op, double in_scale, double out_scale);

}  // namespace nr
