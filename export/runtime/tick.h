// What surrounds the nodes in a tick, for every engine: inputs into the arena, wires that are late, outputs out of it,
// history moved on.
#pragma once
#include <string.h>

#include "noise.h"
#include "program.h"
#include "pulses.h"

namespace nr {

struct TickState {
  Noise noise;
  Pulses pulses;
  int ticks = 0;  // since reset, counted until no wire is late any more
};

inline void convert_number(float x, float& y, float) { y = x; }
inline void convert_number(int16_t x, int16_t& y, float) { y = x; }
inline void convert_number(int16_t x, float& y, float scale) { y = x * scale; }
inline void convert_number(float x, int16_t& y, float inverse) {
  const float scaled = x * inverse, rounded = scaled + (scaled < 0.0f ? -0.5f : 0.5f);
  y = rounded >= 32767.0f   ? 32767
      : rounded > -32768.0f ? static_cast<int16_t>(rounded)
                            : -32768;  // also where x is not a number
}

template <class From, class To>
inline void copy_rows(const nr_port& port, const From* from, int from_pitch, To* to, int to_pitch, float scale) {
  for (int t = 0; t < port.frames; ++t, from += from_pitch, to += to_pitch)
    for (int c = 0; c < port.channels; ++c) convert_number(from[c], to[c], scale);
}

inline void put_noise(int16_t drawn, float& y) { y = drawn * (1.0f / 32768); }
inline void put_noise(int16_t drawn, int16_t& y) { y = drawn; }

template <class T>
inline void draw_rows(const nr_port& port, T* arena, Noise& noise) {
  T* to = arena + port.rows.at;
  for (int t = 0; t < port.frames; ++t, to += port.rows.pitch)
    for (int c = 0; c < port.channels; ++c) put_noise(noise(), to[c]);
}

// run(number of the node) runs one node. T: of the arena; X: of the caller.
template <class T, class X, class Run>
inline void run_tick(const nr_program& p, T* arena, TickState& state, const X* const* inputs, X* const* outputs,
                     Run run) {
  for (int i = 0; i < p.n_inputs; ++i) {
    const nr_port& port = p.inputs[i];
    if (!inputs[i])
      draw_rows(port, arena, state.noise);
    else
      copy_rows(port, inputs[i], port.channels, arena + port.rows.at, port.rows.pitch, 1.0f / port.scale);
  }
  bool starting = false;
  for (int i = 0; i < p.n_nodes; ++i) {
    const nr_node& n = p.nodes[i];
    run(i);
    const int block = n.rows * n.y.pitch, early = n.late - state.ticks * block;
    if (early <= 0) continue;
    starting = true;
    memset(arena + n.late_at, 0, sizeof(T) * (early < block ? early : block));
  }
  if (starting) ++state.ticks;
  for (int i = 0; i < p.n_outputs; ++i) {
    const nr_port& port = p.outputs[i];
    copy_rows(port, arena + port.rows.at, port.rows.pitch, outputs[i], port.channels, port.scale);
  }
  for (int i = 0; i < p.n_lines; ++i) {
    const nr_line& l = p.lines[i];
    memmove(arena + l.at, arena + l.at + l.step, sizeof(T) * l.keep);
  }
}

}  // namespace nr
