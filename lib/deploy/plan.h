// Where every store lies in the arena: those with history keep their place, the others share by lifetime.
#pragma once
#include "deploy/steps.h"

namespace nr {

struct MemoryPlan {
  int arena = 0;  // elements
  std::vector<nr_line> lines;
};

// Sets `pitch` and `at` of every store. Integer rows are padded so that a dot product never splits a word.
// With share = false nothing is ever overwritten within a tick: for calibration.
MemoryPlan plan(Steps& steps, nr_precision precision, bool share = true);

}  // namespace nr
