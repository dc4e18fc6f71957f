// Steps -> program: memory planned, weights in the order the kernels read them.
#pragma once
#include <deque>

#include "deploy/quantise.h"
#include "program/tables.h"

namespace nr {

// Owns what its program points to.
struct Lowered {
  nr_program program{};
  std::vector<nr_node> nodes;
  std::vector<nr_port> inputs, outputs;
  std::vector<nr_line> lines;
  std::deque<NumberTable> tables;
  std::deque<std::string> names;
  std::vector<std::string> node_names;
  int64_t macs = 0;             // a tick
  std::vector<nr_rows> stores;  // where each of the steps' stores lies
  Lowered() = default;
  Lowered(Lowered&&) = default;
  Lowered& operator=(Lowered&&) = default;

  int64_t number_bytes() const;  // of `tables`
  int arena_bytes() const { return program.arena * (program.precision == NR_FLOAT32 ? 4 : 2); }
};

// float32. With share = false every store has memory of its own, for calibration; the output is the same.
Lowered lower(Steps steps, bool share = true);
Lowered lower(Steps steps, const Peaks& peaks, nr_precision precision);  // int16 or int8 weights
// Of int8, but convolutions have these bits.
Lowered lower(Steps steps, const Peaks& peaks, const WeightBits& bits);

}  // namespace nr
