// What computes a player's ticks. The portable stream runs everywhere; lib/engine is several times as fast on a desktop
// and gives the same bits of an integer program.
#pragma once
#include <functional>
#include <memory>

#include "program.h"

namespace nr {

class Ticks {
 public:
  virtual ~Ticks() = default;
  virtual void tick(const float* const* inputs, float* const* outputs) = 0;  // as Stream's
  virtual void reset() = 0;
};

// The program outlives them. Memory is taken here only.
using MakeTicks = std::function<std::unique_ptr<Ticks>(const nr_program& program)>;
std::unique_ptr<Ticks> on_stream(const nr_program& program);  // on_stream.cpp, with export/runtime
std::unique_ptr<Ticks> on_engine(const nr_program& program);  // on_engine.cpp, with lib/engine
MakeTicks on_engine_with(int threads);                       // the same with workers (lib/engine/engine.h)

}  // namespace nr
