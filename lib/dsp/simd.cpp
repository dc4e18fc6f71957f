#include "dsp/simd.h"

namespace nr {

int& simd_width() {
  static int width = [] {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    if (__builtin_cpu_supports("x86-64-v4")) return 16;
    if (__builtin_cpu_supports("x86-64-v3")) return 8;
#endif
    return 4;
  }();
  return width;
}

}  // namespace nr
