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
  bool daisy_rates;       // plays at the rates of export/daisy/codec.h only
  bool weights_writable;  // weights are not const: the start-up code copies them from slow flash into RAM
};

const Table<Board>& boards();
const Board& board_named(const std::string& board, const std::string& boot);

struct Footprint {
  int64_t constants = 0, state = 0;
};
Footprint footprint(const Lowered& lowered, int loop_ticks);

// Error that says what was found, what fits, and what to try. Whether it is fast enough, export/emulated/run.sh counts.
void check_fit(const Board& board, const Footprint& footprint, int controls);
void check_rate(const Board& board, int sample_rate);

}  // namespace nr
