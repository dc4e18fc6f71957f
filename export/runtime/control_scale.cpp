#include "control_scale.h"

#include <string.h>

namespace nr {

float log2_of(float x) {
  if (!(x >= 1.17549435e-38f)) return -127.0f;
  uint32_t bits;
  memcpy(&bits, &x, 4);
  int exponent = static_cast<int>(bits >> 23) - 127;
  bits = (bits & 0x7fffffu) | 0x3f800000u;
  float m;
  memcpy(&m, &bits, 4);
  if (m > 1.41421356f) m *= 0.5f, ++exponent;
  const float z = (m - 1.0f) / (m + 1.0f), s = z * z;  // log2 m = 2 / ln 2 * artanh z
  return exponent + z * (2.88539008f + s * (0.961796694f + s * (0.577078016f + s * (0.412198583f + s * 0.320598898f))));
}

float warped(const nr_control& control, float physical) {
  if (control.warp == 0) return physical;
  const float w = log2_of(physical) * (control.warp == 1 ? kDecibelsPerOctave : 1.0f);
  const float least = control.warp == 1 ? -120.0f : 0.0f;
  return w > least ? w : least;
}

float control_at(const nr_control& control, float w) {
  const float low = warped(control, control.low), high = warped(control, control.high);
  const float x = 2.0f * (w - low) / (high - low) - 1.0f;
  return !(x > -1.0f) ? -1.0f : x < 1.0f ? x : 1.0f;
}

int control_named(const nr_model& model, const char* name) {
  for (int i = 0; i < model.n_controls; ++i) {
    const char *a = model.controls[i].name, *b = name;
    while (*a && *a == *b) ++a, ++b;
    if (*a == *b) return i;
  }
  return -1;
}

}  // namespace nr
