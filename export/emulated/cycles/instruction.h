// What a Cortex-M7's instruction reads and writes, and when, of a line of a disassembly.
#pragma once
#include <cstdint>
#include <string>

namespace m7 {

using Registers = uint64_t;  // a bit each: r0 to r15, then s0 to s31

enum class Kind {
  kAlu, kMac, kDivide, kLoad, kStore, kSeveral, kFloatLoad, kFloatStore, kFusedMac, kFloat, kFloatDivide, kFloatMove,
  kBranch
};

struct Instruction {
  uint32_t address = 0;
  Kind kind = Kind::kAlu;
  bool alone = false;        // nothing else in its cycle
  bool shifts = false;       // by the early shifter
  bool narrow = false;       // bytes, halves, saturation: only as the first of two
  bool fast = false;         // its result can be used in the same cycle
  bool part_of_word = false;
  bool conditional = false;
  bool floats = false, stores = false;  // of kSeveral: push, pop, ldm, ldrd, ...; floats: vadd and vsub too
  int cycles = 1;                       // of kSeveral and kDivide
  // What it reads, by when: in the last stage, before, as an addend, as a factor, and by the floating-point unit.
  Registers late = 0, early = 0, addend = 0, factor = 0, float_addend = 0, float_in = 0, stored = 0;
  Registers writes = 0, base = 0;  // base: what writes back
};

// Operands as objdump writes them. std::out_of_range where some are missing: data among the code.
Instruction decoded(uint32_t address, std::string name, const std::string& operands);

}  // namespace m7
