#include "dsp/lane_fft.h"

#include <cmath>

#include "base/error.h"

namespace nr {
namespace {

// Where the frequencies first, first + step ... lie, which `length` points from `begin` on hold.
void place(std::vector<int>& out, int begin, int length, int first, int step) {
  if (length == 1) {
    out[first] = begin;
    return;
  }
  const int radix = length == 2 ? 2 : 4;
  const int part = length / radix;
  for (int r = 0; r < radix; ++r) place(out, begin + r * part, part, first + r * step, step * radix);
}

}  // namespace

LaneFft::LaneFft(int size) : size_(size), place_(fits(size) ? size / 2 : 0) {
  if (!fits(size)) fail("a transform of ", size, " samples: expected a power of two, 4 or more");
  const auto push = [](std::vector<float>& to, double turns) {
    to.push_back(float(std::cos(-2 * M_PI * turns))), to.push_back(float(std::sin(-2 * M_PI * turns)));
  };
  for (int length = size / 2; length >= 4; length /= 4)
    for (int j = 0; j < length / 4; ++j)
      for (int r = 1; r < 4; ++r) push(turns_, double(r) * j / length);
  for (int k = 0; k <= size / 4; ++k) push(split_, double(k) / size);
  place(place_, 0, size / 2, 0, 1);
}

}  // namespace nr
