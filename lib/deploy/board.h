// What fits where. Sizes: links of libDaisy (2026-04) with arm-none-eabi-gcc 12.2, see export/README.md.
#pragma once
#include "base/table.h"
#include "deploy/lower.h"

namespace nr {

struct Board {
  std::string name;       // "daisy_seed/sram": board and boot mode
  int64_t constants;      // bytes left for tables, weights and the loop beside libDaisy and the engine
  int64_t state;          // bytes left for the arena and buffers
  int knobs;              // inputs a control can be wired to
  bool weights_writable;  // weights are not const: the start-up code copies them from slow flash into RAM
};

const Table<Board>& boards();
const Board& board_named(const std::string& board, const std::string& boot);

struct Footprint {
  int64_t constants = 0, state = 0;
};
Footprint footprint(const Lowered& lowered, int loop_ticks);

// Error that says what was found, what fits, and what to try.
void check_fit(const Board& board, const Footprint& footprint, int knobs);

// Share of a 480 MHz Cortex-M7, in percent: instructions as counted under QEMU, times modelled cycles an instruction, times a margin.
double estimate_cpu_percent(const nr_program& program, int sample_rate);

}  // namespace nr
