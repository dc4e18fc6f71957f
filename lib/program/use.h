// What the engine touches when it runs a program: stretches of the arena, and so many numbers of each table. It follows
// the loops of export/runtime, and a program file is written and checked by it.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "export/runtime/program.h"

namespace nr {

struct Stretch {
  int64_t from, to;  // elements of the arena: [from, to)
};

// Place in NumberTable.
enum class NumberType : uint8_t { kFloat32, kInt8, kInt16, kInt32 };

struct TableUse {
  const char* name;  // "weights", "bias", "multiplier", "table": the node's field
  const void* data;  // what the node points to
  NumberType type;
  int64_t count;  // numbers that are read
};

struct NodeUse {
  std::vector<Stretch> reads, writes;  // no writes: no stream runs the operation
  std::vector<TableUse> tables;        // those that the node's operation reads
};

// Of a node whose fields lie within the limits below: then no sum of products overflows.
NodeUse use_of(const nr_program& program, const nr_node& node);

constexpr int32_t kMostCount = 1 << 20;  // rows, channels, runs, elements of a run
constexpr int32_t kMostArena = 1 << 26;  // elements, and every place and step within

// Error, beginning with `where`, unless every place that the engine reads or writes lies in the arena, whatever the
// inputs are, no integer on the way to such a place overflows, and no node writes over what it reads (an order of rows
// and channels would then be heard). `length`: how many numbers of its type a node's
// table holds.
using TableLength = std::function<int64_t(const TableUse&)>;
void check_program(const nr_program& program, const std::string& where, const TableLength& length);

}  // namespace nr
