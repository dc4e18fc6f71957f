// Runs something with every instruction set that this CPU has and the kernels know.
#pragma once
#include <string>

#include "engine/convolution.h"

namespace nr {

// f(name)
template <class F>
void with_every_instruction_set(F f) {
  const int widest = simd_width();
  const bool dots = simd_dots();
  for (const int width : {16, 8, 4}) {
    if (width > widest) continue;
    simd_width() = width;
    for (const bool with_dots : {true, false}) {
      if (with_dots && (!dots || width < 16)) continue;
      simd_dots() = with_dots;
      f("vectors of " + std::to_string(width) + (with_dots ? " with dot products" : ""));
    }
  }
  simd_width() = widest, simd_dots() = dots;
}

}  // namespace nr
