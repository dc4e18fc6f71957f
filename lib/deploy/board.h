// What fits where. Sizes: links of libDaisy (2026-04) with arm-none-eabi-gcc 12.2, see export/README.md.
#pragma once
#include "base/table.h"
#include "deploy/lower.h"

namespace nr {

struct MemoryRegion {
  std::string name;  // "AXI SRAM"
  int64_t bytes;     // that a program can have
};

struct Placed {
  std::string memory, what;
  int64_t bytes;
};

struct Board {
  std::string name;  // "daisy_seed/sram": board and boot mode
  std::vector<MemoryRegion> memories;
  std::vector<Placed> taken;       // by libDaisy, the engine, the stack
  std::string weights, constants;  // memories of the number tables, and of nodes and the test vector
  std::string state, buffers;      // memories of the arena, and of the main program's blocks
  int knobs;                       // inputs a control can be wired to
  bool daisy_rates;                // plays at the rates of export/daisy/codec.h only
  bool weights_writable;           // weights are not const: the start-up code copies them from slow flash into RAM
};

const Table<Board>& boards();
const Board& board_named(const std::string& board, const std::string& boot);

// Bytes of a network's parts.
struct Footprint {
  int64_t weights = 0;      // number tables: weights, biases, multipliers, curves
  int64_t nodes = 0;        // and lines and ports
  int64_t test_vector = 0;
  int64_t state = 0;        // the arena
  int64_t buffers = 0;      // the main program's blocks of inputs and outputs
  int64_t weights_int8 = 0, state_int8 = 0;  // the same with precision int8, about
};
Footprint footprint(const Lowered& lowered, int loop_ticks);

// Every part in its memory, the board's own first.
std::vector<Placed> memory_map(const Board& board, const Footprint& footprint);
// A line each memory: what lies there, its bytes, and what is left.
std::string to_text(const Board& board, const Footprint& footprint);

// Decoders of configs/models/ with six controls and precision int8; without a test vector.
struct DecoderSize {
  std::string name;
  Footprint footprint;
};
const std::vector<DecoderSize>& daisy_sizes();  // the largest first

// Error that says by how many bytes which memory is too small, and which boot mode, precision, test vector or preset
// would fit. Whether it is fast enough, export/emulated/run.sh counts.
void check_fit(const Board& board, const Footprint& footprint, int controls);
void check_rate(const Board& board, int sample_rate);

}  // namespace nr
