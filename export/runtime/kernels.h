// What a node does to the arena, in each engine. float.cpp and integer.cpp hold one function an operation.
#pragma once
#include "program.h"
#include "pulses.h"

#ifndef NR_HOT /* where hot code lives: e.g. a section of the instruction memory */
#define NR_HOT
#endif

namespace nr {

constexpr int kMostTaps = 63;  // of a frame filter

void run_node(const nr_node& node, float* arena);
void run_node(const nr_node& node, int16_t* arena);
void run_conv(const nr_node& node, int16_t* arena);  // a node of NR_CONV
// A node of NR_PULSES, which the functions above leave to the stream: it goes on from tick to tick.
void run_pulses(const nr_node& node, float* arena, Pulses& pulses);
void run_pulses(const nr_node& node, int16_t* arena, Pulses& pulses);

// Calls f(y, a, b, n) for stretches of contiguous elements: one for all rows where the layouts agree (padding
// included).
template <class T, class F>
inline void each_stretch(const nr_node& n, T* arena, F f) {
  const T *a = arena + n.a.at, *b = arena + n.b.at;
  T* y = arena + n.y.at;
  const bool same = n.a.pitch == n.y.pitch && n.b.pitch == n.y.pitch;
  if (same) return f(y, a, b, n.rows * n.y.pitch);
  for (int t = 0; t < n.rows; ++t, y += n.y.pitch, a += n.a.pitch, b += n.b.pitch) f(y, a, b, n.channels);
}

}  // namespace nr
