// Runs a program one tick at a time in memory the caller owns. No heap, no exceptions, no I/O: this compiles for the
// Daisy and the desktop.
#pragma once
#include "tick.h"

namespace nr {

class Stream {
 public:
  static int arena_bytes(const nr_program& p) { return p.arena * (p.precision == NR_FLOAT32 ? 4 : 2); }
  // `arena` is aligned to 8 bytes, holds arena_bytes and outlives the stream.
  Stream(const nr_program& program, void* arena) : program_(program), arena_(arena) { reset(); }
  void reset();
  // One block [frames][channels] a port, in the order of program.inputs and program.outputs. Null for the input named
  // "noise": the stream draws it, the same after every reset.
  void tick(const float* const* inputs, float* const* outputs);
  // The same in the ports' own scales, for integer programs: bit for bit the same on every machine.
  void tick(const int16_t* const* inputs, int16_t* const* outputs);

 private:
  const nr_program& program_;
  void* arena_;
  TickState state_;
};

}  // namespace nr
