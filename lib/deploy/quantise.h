// Numbers for the integer engine: symmetric, zero point 0. Weights have one scale per output channel, a store has one
// scale.
#pragma once
#include "deploy/steps.h"

namespace nr {

using Peaks = std::vector<double>;        // largest magnitude seen on each store
using StoreScales = std::vector<double>;  // physical value of 1, by store
using WeightBits = std::vector<int>;      // 8 or 16, by step; of convolutions alone

struct IntegerFilter {
  int taps = 0;                           // weights an output
  std::vector<int16_t> weight;            // [outputs][taps]
  std::vector<int32_t> bias, multiplier;  // [outputs]
};

// Scales with 15 % of headroom above the peaks, and as much again as the peak for filtered excitations. What add,
// concat, leaky_relu and snake read and write has one scale, so that a residual add is one saturating instruction; but
// what a concat appends keeps its own, of 4096 steps or more, where only convolutions read the whole. Scales are large
// enough for every multiplier to fit 31 bits.
StoreScales choose_scales(const Steps& steps, const Peaks& peaks, const WeightBits& bits);

// A convolution's weights for an input whose every channel has the scale of its store: those of what a concat appended
// are multiplied by the ratio of its scale to that.
Filter of_one_scale(const Steps& steps, const Step& convolution, const StoreScales& scales);

// Of a frame filter (export/runtime/integer.cpp): its output where amplitude, input and multiplier are 1.
constexpr double kFilterUnit = 64;
constexpr double kNoiseStep = 1.0 / 32768, kPulseStep = 1.0 / 512;  // of the noise and the pulses that a stream makes

// |sum of products + bias| < 2^31 for every possible input: an output's weights are scaled down where needed, and the
// bound is computed on the result. Error when it does not hold.
IntegerFilter quantise(const Filter& filter, double in_scale, double out_scale, int bits);
int64_t largest_accumulator(const IntegerFilter& filter, int output);

// The same bits for every convolution, but 16 where weights are fixed (the filter bank).
WeightBits same_bits(const Steps& steps, int bits);

// f at 513 points of the int16 input range.
std::vector<int16_t> make_table(Op op, double in_scale, double out_scale);

}  // namespace nr
