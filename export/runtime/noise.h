// White noise for programs with an input for it, the same samples on every machine, so that no header carries any: the
// upper half of a linear congruential generator modulo 2^32 (Knuth and Lewis).
#pragma once
#include <stdint.h>

namespace nr {

constexpr uint32_t kNoiseFactor = 1664525u, kNoiseTerm = 1013904223u;

class Noise {
 public:
  int16_t operator()() {  // of [-1, 1) in 1/32768
    state_ = state_ * kNoiseFactor + kNoiseTerm;
    return static_cast<int16_t>(state_ >> 16);
  }

 private:
  uint32_t state_ = 1;
};

}  // namespace nr
