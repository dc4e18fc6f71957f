// Weights in the order the kernels read them: see export/runtime/program.h (float) and integer_conv.cpp.
#pragma once
#include "deploy/steps.h"

namespace nr {

// A dot product as the kernel walks it: `runs` stretches of `taps` rows of `pitch` elements, each rounded up to
// `multiple`.
struct Stretches {
  int runs, taps, channels, pitch, multiple;
  int length() const { return (taps - 1) * pitch + channels; }
  int run() const { return (length() + multiple - 1) / multiple * multiple; }
};

// Outputs of one phase fill the store's pitch, so that interleaved rows land where they belong.
Filter pad_phases(const Filter& filter, int pitch);

// One output of zeros more where their number is odd: the kernels compute two at once.
Filter pad_to_even(Filter filter);

std::vector<float> pack_float(const Filter& filter, const Stretches& stretches);
std::vector<int8_t> pack_int8(const std::vector<int16_t>& weight, int outputs, int taps, const Stretches& stretches);
std::vector<int16_t> pack_int16(const std::vector<int16_t>& weight, int outputs, int taps, const Stretches& stretches);

template <class T>
std::vector<T> padded_to_four(std::vector<T> v) {
  v.resize((v.size() + 3) / 4 * 4);
  return v;
}

}  // namespace nr
