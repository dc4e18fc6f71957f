// What following a pitch costs on a Cortex-M7. Exit status 1: 20 million instructions a second or more.
#include "console.h"
#include "pitch_follower.h"

namespace {

constexpr int kHop = 512;
constexpr uint32_t kMost = 20000000;
float block[kHop];

using nr::print_number;

}  // namespace

int main() {
  uint32_t state = 1;
  bool cheap = true;
  const int rates[] = {16000, 48000, 96000};
  for (const int rate : rates) {
    nr::PitchFollower follower(rate);
    uint64_t instructions = 0;
    const int ticks = rate / kHop;
    for (int t = 0; t < ticks; ++t) {
      for (float& x : block) state = state * 1664525u + 1013904223u, x = int32_t(state) / 4294967296.0f;
      const uint32_t start = nr::clock_ticks();
      follower.hear(block, kHop);
      instructions += nr::instructions_of(nr::clock_ticks() - start);
    }
    const uint32_t second = uint32_t(instructions * uint64_t(rate) / uint64_t(ticks * kHop));
    print_number(uint32_t(rate)), nr::print(" Hz: "), print_number(second), nr::print(" instructions a second\n");
    cheap = cheap && second > 0 && second < kMost;
  }
  return cheap ? 0 : 1;
}
