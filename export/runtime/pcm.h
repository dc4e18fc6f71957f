// A sample as a WAV file holds it: 16 bits, full scale 1, rounded the same on every machine.
#pragma once
#include <stdint.h>

namespace nr {

inline int16_t to_pcm(float x) {
  const float scaled = x * 32768.0f, rounded = scaled + (scaled < 0.0f ? -0.5f : 0.5f);
  return rounded >= 32767.0f   ? 32767
         : rounded > -32768.0f ? static_cast<int16_t>(rounded)
                               : -32768;  // also where x is not a number
}

}  // namespace nr
