#include "stream.h"

#include <string.h>

#include "kernels.h"

namespace nr {
namespace {

template <class T, class X>
void run_all(const nr_program& p, T* arena, TickState& state, const X* const* inputs, X* const* outputs) {
  run_tick(p, arena, state, inputs, outputs, [&](int i) {
    const nr_node& n = p.nodes[i];
    if (n.op == NR_PULSES)
      run_pulses(n, arena, state.pulses);
    else
      run_node(n, arena);
  });
}

}  // namespace

void Stream::reset() {
  memset(arena_, 0, arena_bytes(program_));
  state_ = {};
}

void Stream::tick(const float* const* inputs, float* const* outputs) {
  if (program_.precision == NR_FLOAT32)
    run_all(program_, static_cast<float*>(arena_), state_, inputs, outputs);
  else
    run_all(program_, static_cast<int16_t*>(arena_), state_, inputs, outputs);
}

void Stream::tick(const int16_t* const* inputs, int16_t* const* outputs) {
  run_all(program_, static_cast<int16_t*>(arena_), state_, inputs, outputs);
}

}  // namespace nr
