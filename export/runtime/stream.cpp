#include "stream.h"

#include <string.h>

#include "kernels.h"

namespace nr {
namespace {

void convert(float x, float& y, float) { y = x; }
void convert(int16_t x, int16_t& y, float) { y = x; }
void convert(int16_t x, float& y, float scale) { y = x * scale; }
void convert(float x, int16_t& y, float inverse) {
  const float scaled = x * inverse, rounded = scaled + (scaled < 0.0f ? -0.5f : 0.5f);
  y = rounded >= 32767.0f   ? 32767
      : rounded > -32768.0f ? static_cast<int16_t>(rounded)
                            : -32768;  // also where x is not a number
}

template <class From, class To>
void copy_rows(const nr_port& port, const From* from, int from_pitch, To* to, int to_pitch, float scale) {
  for (int t = 0; t < port.frames; ++t, from += from_pitch, to += to_pitch)
    for (int c = 0; c < port.channels; ++c) convert(from[c], to[c], scale);
}

void put(int16_t drawn, float& y) { y = drawn * (1.0f / 32768); }
void put(int16_t drawn, int16_t& y) { y = drawn; }

template <class T>
void draw_rows(const nr_port& port, T* arena, Noise& noise) {
  T* to = arena + port.rows.at;
  for (int t = 0; t < port.frames; ++t, to += port.rows.pitch)
    for (int c = 0; c < port.channels; ++c) put(noise(), to[c]);
}

// T: of the arena; X: of the caller.
template <class T, class X>
void run_tick(const nr_program& p, T* arena, int& ticks, Noise& noise, Pulses& pulses, const X* const* inputs,
              X* const* outputs) {
  for (int i = 0; i < p.n_inputs; ++i) {
    const nr_port& port = p.inputs[i];
    if (!inputs[i])
      draw_rows(port, arena, noise);
    else
      copy_rows(port, inputs[i], port.channels, arena + port.rows.at, port.rows.pitch, 1.0f / port.scale);
  }
  bool starting = false;
  for (int i = 0; i < p.n_nodes; ++i) {
    const nr_node& n = p.nodes[i];
    if (n.op == NR_PULSES)
      run_pulses(n, arena, pulses);
    else
      run_node(n, arena);
    const int block = n.rows * n.y.pitch, early = n.late - ticks * block;
    if (early <= 0) continue;
    starting = true;
    memset(arena + n.late_at, 0, sizeof(T) * (early < block ? early : block));
  }
  if (starting) ++ticks;
  for (int i = 0; i < p.n_outputs; ++i) {
    const nr_port& port = p.outputs[i];
    copy_rows(port, arena + port.rows.at, port.rows.pitch, outputs[i], port.channels, port.scale);
  }
  for (int i = 0; i < p.n_lines; ++i) {
    const nr_line& l = p.lines[i];
    memmove(arena + l.at, arena + l.at + l.step, sizeof(T) * l.keep);
  }
}

}  // namespace

void Stream::reset() {
  memset(arena_, 0, arena_bytes(program_));
  ticks_ = 0;
  noise_ = {};
  pulses_ = {};
}

void Stream::tick(const float* const* inputs, float* const* outputs) {
  if (program_.precision == NR_FLOAT32)
    run_tick(program_, static_cast<float*>(arena_), ticks_, noise_, pulses_, inputs, outputs);
  else
    run_tick(program_, static_cast<int16_t*>(arena_), ticks_, noise_, pulses_, inputs, outputs);
}

void Stream::tick(const int16_t* const* inputs, int16_t* const* outputs) {
  run_tick(program_, static_cast<int16_t*>(arena_), ticks_, noise_, pulses_, inputs, outputs);
}

}  // namespace nr
