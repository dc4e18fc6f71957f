// Digits of 28 x 28 pixels, drawn by strokes: what stands in for MNIST where its files are not there.
#pragma once
#include "base/random.h"
#include "data/idx.h"

namespace nr {

// A digit 0 ... 9, turned, scaled, sheared, moved and bent by chance, with a pen of chance width; 784 bytes.
std::vector<uint8_t> draw_digit(int digit, Random& random);

// count digits, each as often as another, the same for the same seed.
ByteImages draw_digits(size_t count, uint64_t seed);

}  // namespace nr
