// Cycles of a Cortex-M7: in order, at most two instructions a cycle. Which two go together and when a result can be
// used are public measurements on the chip: "ARM Cortex-M7 instruction cycle counts" (github.com/jnk0le/random) and
// quinapalus.com/cm7cycles.html. Every access to memory hits.
#pragma once
#include <array>
#include <map>

#include "instruction.h"

namespace m7 {

class Model {
 public:
  // In the order of execution. memory: the address that it read or wrote, 0: none; next: of the instruction behind it.
  void execute(const Instruction& i, uint32_t memory, uint32_t next);
  uint64_t cycles() const { return cycle_; }

 private:
  using Times = std::array<uint64_t, 48>;  // by register: the first cycle in which it can be used so

  uint64_t ready(const Instruction& i) const;
  bool pairs(const Instruction& i, uint32_t memory) const;
  bool after_fused() const;
  void wait_until(uint64_t cycle);
  void write(const Instruction& i);

  Times late_{}, early_{}, addend_{}, factor_{}, float_addend_{}, float_in_{};
  uint64_t cycle_ = 0, fused_ = 0, float_free_ = 0;  // fused_: the last cycle with a fused multiply-add, and one
  const Instruction* first_ = nullptr;  // of this cycle
  uint32_t first_memory_ = 0;
  std::map<uint32_t, int> taken_;  // by a branch's address: 0 to 3, from 2 on it is taken to be taken
};

}  // namespace m7
