#include "model.h"

#include <algorithm>

namespace m7 {
namespace {

constexpr int kMispredicted = 7;  // cycles

bool moves_floats(Kind kind) {
  return kind == Kind::kFloatLoad || kind == Kind::kFloatStore || kind == Kind::kFloatMove;
}
bool computes_floats(Kind kind) {
  return kind == Kind::kFusedMac || kind == Kind::kFloat || kind == Kind::kFloatDivide;
}
bool loads(Kind kind) { return kind == Kind::kLoad || kind == Kind::kFloatLoad; }
bool stores(Kind kind) { return kind == Kind::kStore || kind == Kind::kFloatStore; }

}  // namespace

uint64_t Model::ready(const Instruction& i) const {
  uint64_t out = 0;
  const auto wait = [&out](Registers registers, const Times& times) {
    for (; registers; registers &= registers - 1) out = std::max(out, times[size_t(__builtin_ctzll(registers))]);
  };
  wait(i.late, late_), wait(i.early, early_), wait(i.addend, addend_), wait(i.factor, factor_);
  wait(i.float_addend, float_addend_), wait(i.float_in, float_in_);
  wait(i.stored & 0xffff, late_), wait(i.stored & ~Registers(0xffff), float_in_);
  return out;
}

// Whether it goes into a cycle behind its first instruction.
bool Model::pairs(const Instruction& i, uint32_t memory) const {
  const Instruction& f = *first_;
  if (f.alone || i.alone || i.narrow) return false;
  if (f.shifts && i.shifts) return false;
  const auto multiplies_or_stores = [](Kind kind) { return kind == Kind::kMac || kind == Kind::kStore; };
  if (multiplies_or_stores(f.kind) && multiplies_or_stores(i.kind)) return false;
  if (loads(f.kind) && loads(i.kind) && first_memory_ && memory && ((first_memory_ ^ memory) >> 2 & 1) == 0)
    return false;  // both ports are of one bank
  if (computes_floats(f.kind) && computes_floats(i.kind)) return false;
  if (f.kind == Kind::kFusedMac && moves_floats(i.kind)) return false;
  if (i.kind == Kind::kFusedMac && moves_floats(f.kind)) return false;
  if (moves_floats(i.kind) && after_fused()) return false;
  if (stores(f.kind) && stores(i.kind)) return false;
  return !(f.kind == Kind::kFloatMove && i.kind == Kind::kFloatMove);
}

bool Model::after_fused() const { return fused_ && cycle_ + 1 - fused_ <= 3; }

void Model::wait_until(uint64_t cycle) {
  if (cycle > cycle_) cycle_ = cycle, first_ = nullptr;
}

void Model::execute(const Instruction& i, uint32_t memory, uint32_t next) {
  wait_until(ready(i));
  for (;;) {
    if (first_ && !pairs(i, memory)) {
      wait_until(cycle_ + 1);
      continue;
    }
    const bool wide = i.alone && (i.kind == Kind::kFloatLoad || i.kind == Kind::kFloatStore);
    if (!first_ && after_fused() && (i.floats || wide)) {
      wait_until(cycle_ + 1);
      continue;
    }
    if (computes_floats(i.kind)) wait_until(float_free_);
    break;
  }
  write(i);
  if (i.kind == Kind::kBranch) {
    const bool taken = next != i.address + 2 && next != i.address + 4;
    if (i.conditional) {
      int& before = taken_.emplace(i.address, 2).first->second;
      if ((before >= 2) != taken) cycle_ += kMispredicted;
      before = std::clamp(before + (taken ? 1 : -1), 0, 3);
    }
    if (taken) {
      wait_until(cycle_ + 1);
      return;
    }
  }
  if (i.alone) wait_until(cycle_ + uint64_t(i.cycles));
  else if (first_) wait_until(cycle_ + 1);
  else first_ = &i, first_memory_ = memory;
}

// When what it writes can be used, in cycles from this one: late, early, as an addend, as a factor, as a float addend,
// as another float.
void Model::write(const Instruction& i) {
  struct After {
    uint64_t late, early, addend, factor, float_addend, float_in;
  };
  const auto set = [this](size_t at, const After& after) {
    late_[at] = cycle_ + after.late, early_[at] = cycle_ + after.early;
    addend_[at] = cycle_ + after.addend, factor_[at] = cycle_ + after.factor;
    float_addend_[at] = cycle_ + after.float_addend, float_in_[at] = cycle_ + after.float_in;
  };
  const auto n = uint64_t(i.cycles);
  After after{0, 0, 0, 0, 0, 0};
  switch (i.kind) {
    case Kind::kAlu: {
      bool ready_early = true;
      for (Registers r = i.late; r; r &= r - 1)
        ready_early = ready_early && early_[size_t(__builtin_ctzll(r))] <= cycle_;
      after = i.fast && !first_ && ready_early ? After{0, 1, 0, 1, 3, 0} : After{1, 2, 0, 1, 3, 1};
      break;
    }
    case Kind::kMac: after = {2, 3, 1, 2, 3, 2}; break;
    case Kind::kDivide: after = {n + 1, n + 2, n + 1, n + 1, 3, n + 1}; break;
    case Kind::kLoad: after = i.part_of_word ? After{2, 3, 1, 3, 3, 2} : After{1, 2, 1, 2, 3, 1}; break;
    case Kind::kSeveral: after = {n, n + 1, n, n + 1, n + 2, n}; break;
    case Kind::kFloatLoad: after = {2, 3, 2, 2, 3, 2}; break;
    case Kind::kFusedMac: after = {3, 4, 3, 3, 3, 5}; break;
    case Kind::kFloat: after = {3, 4, 3, 3, 2, 3}; break;
    case Kind::kFloatMove: after = {3, 4, 3, 3, 3, 3}; break;
    case Kind::kFloatDivide: after = {16, 17, 16, 16, 16, 16}; break;
    case Kind::kStore: case Kind::kFloatStore: case Kind::kBranch: break;
  }
  if (i.kind != Kind::kBranch)
    for (Registers r = i.writes; r; r &= r - 1) set(size_t(__builtin_ctzll(r)), after);
  if (i.kind == Kind::kFusedMac) fused_ = cycle_ + 1;
  if (computes_floats(i.kind)) float_free_ = cycle_ + (i.kind == Kind::kFloatDivide ? 15 : 1);
  if (i.base) {
    const auto at = size_t(__builtin_ctzll(i.base));
    late_[at] = cycle_, early_[at] = addend_[at] = factor_[at] = cycle_ + 1;
  }
}

}  // namespace m7
