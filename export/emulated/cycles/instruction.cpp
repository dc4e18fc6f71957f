#include "instruction.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <vector>

namespace m7 {
namespace {

bool begins(const std::string& text, std::initializer_list<const char*> with) {
  for (const char* w : with)
    if (text.rfind(w, 0) == 0) return true;
  return false;
}
bool is(const std::string& text, std::initializer_list<const char*> any) {
  for (const char* a : any)
    if (text == a) return true;
  return false;
}

// "r3" -> 3, "sl" -> 10, "s5" -> 21; -1: none. d4 is s8, with `pair` s9 too.
int register_of(const std::string& word, bool& pair) {
  static const std::map<std::string, int> named{{"sb", 9}, {"sl", 10}, {"fp", 11}, {"ip", 12},
                                                {"sp", 13}, {"lr", 14}, {"pc", 15}};
  pair = false;
  if (const auto found = named.find(word); found != named.end()) return found->second;
  if (word.size() < 2 || word.find_first_not_of("0123456789", 1) != std::string::npos) return -1;
  const int number = std::atoi(word.c_str() + 1);
  pair = word[0] == 'd';
  return word[0] == 'r' ? number : word[0] == 's' ? 16 + number : pair ? 16 + 2 * number : -1;
}

// In the order of the text; "r4-r7" are four.
std::vector<int> listed(const std::string& text) {
  std::vector<int> out;
  bool range = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789", at), text.size());
    bool pair;
    const int found = end > at ? register_of(text.substr(at, end - at), pair) : -1;
    if (found >= 0) {
      for (int r = range && !out.empty() ? out.back() + 1 : found; r <= found + pair; ++r) out.push_back(r);
    }
    range = end < text.size() && text[end] == '-' && found >= 0;
    at = end + 1;
  }
  return out;
}
Registers bits(const std::vector<int>& registers) {
  Registers out = 0;
  for (const int r : registers) out |= Registers(1) << r;
  return out;
}
Registers bits(const std::string& text) { return bits(listed(text)); }

// At commas outside of brackets.
std::vector<std::string> parts_of(const std::string& operands) {
  std::vector<std::string> out;
  int depth = 0;
  for (const char c : operands.substr(0, operands.find_first_of("@;"))) {
    depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    if (out.empty()) out.emplace_back();
    if (c == ',' && depth == 0) out.emplace_back();
    else if (c != ' ' && c != '\t') out.back() += c;
  }
  return out;
}

std::string without_condition(const std::string& name) {
  if (name[0] == 'b' || name[0] == 'v' || name.size() < 4 ||
      is(name, {"movs", "subs", "adds", "lsls", "muls", "bics", "mls", "adcs", "sbcs", "rsbs", "smmls"}))
    return name;
  const std::string end = name.substr(name.size() - 2);
  const bool condition = is(end, {"eq", "ne", "lt", "le", "gt", "ge", "hi", "ls", "cs", "cc", "mi", "pl"});
  return condition ? name.substr(0, name.size() - 2) : name;
}

void decode_several(Instruction& i, const std::string& name, const std::vector<std::string>& parts) {
  i.kind = Kind::kSeveral, i.alone = true, i.floats = name[0] == 'v';
  i.stores = is(name, {"push", "stmia", "stmdb", "stm", "strd", "vpush", "vstmia", "vstm"});
  std::vector<int> moved;
  if (is(name, {"ldrd", "strd"})) {
    moved = listed(parts.at(0) + "," + parts.at(1)), i.early = bits(parts.at(2));
  } else {
    const bool stack = is(name, {"push", "pop", "vpush", "vpop"});
    moved = listed(parts.back()), i.early = stack ? bits("sp") : bits(parts[0]);
    i.cycles = std::max(1, int(moved.size() + 1) / 2);
    if (stack || parts[0].find('!') != std::string::npos) i.base = i.early;
  }
  (i.stores ? i.late : i.writes) = bits(moved);
}

void decode_float(Instruction& i, const std::string& name, const std::vector<std::string>& parts) {
  const std::string k = name.substr(0, name.find('.'));
  const Registers first = bits(parts.at(0));
  const bool wide = __builtin_popcountll(first) > 1;
  Registers rest = 0;
  for (size_t p = 1; p < parts.size(); ++p) rest |= bits(parts[p]);
  i.kind = Kind::kFloat, i.writes = first, i.float_in = rest, i.floats = begins(k, {"vadd", "vsub"});
  if (k == "vldr") i.kind = Kind::kFloatLoad, i.early = rest, i.float_in = 0, i.alone = wide;
  else if (k == "vstr")
    i.kind = Kind::kFloatStore, i.early = rest, i.stored = first, i.writes = 0, i.float_in = 0, i.alone = wide;
  else if (is(k, {"vfma", "vfms", "vmla", "vmls", "vfnma", "vfnms", "vnmla", "vnmls"}))
    i.kind = Kind::kFusedMac, i.float_addend = first;
  else if (k == "vmov") i.kind = Kind::kFloatMove, i.alone = wide || parts.size() > 2;
  else if (is(k, {"vdiv", "vsqrt"})) i.kind = Kind::kFloatDivide;
  else if (is(k, {"vcmp", "vcmpe"})) i.writes = 0, i.float_in = first | rest;
  else if (k == "vmrs") i.kind = Kind::kFloatMove, i.writes = 0, i.float_in = 0;
}

void decode_mac(Instruction& i, const std::string& name, const std::vector<std::string>& parts) {
  std::vector<Registers> r;
  for (const std::string& part : parts) r.push_back(bits(part));
  i.kind = Kind::kMac, i.writes = r[0];
  if (begins(name, {"smull", "umull", "smlal", "umlal", "smlsld", "umaal"})) {
    i.writes = r[0] | r.at(1), i.factor = r.at(2) | r.at(3);
    if (!begins(name, {"smull", "umull"})) i.addend = i.writes;
  } else {
    i.factor = r.size() == 2 ? r[0] | r[1] : r.at(1) | r.at(2);
    if (r.size() == 4) i.addend = r[3];
  }
}

// Of bytes and halves, bit fields and saturation.
void decode_narrow(Instruction& i, const std::string& name, const std::vector<Registers>& r, Registers rest) {
  i.narrow = true, i.writes = r[0], i.late = rest;
  i.shifts = begins(name, {"sxt", "uxt", "bfi", "bfc", "pkh", "ubfx", "sbfx", "rev", "rbit"});
  if (begins(name, {"sxt", "uxt"})) i.early = r.back() ? r.back() : r.at(r.size() - 2), i.late = rest & ~i.early;
  else if (begins(name, {"bfi", "bfc"})) i.early = rest, i.late = r[0];
  else if (begins(name, {"pkh"})) i.late = r.size() > 1 ? r[1] : 0, i.early = r.size() > 2 ? r[2] : 0;
  else if (i.shifts) i.early = rest, i.late = 0;
}

void decode_plain(Instruction& i, const std::string& name, const std::vector<Registers>& r, Registers rest,
                  bool shifted) {
  i.shifts = shifted && !begins(name, {"lsl", "lsr", "asr", "ror"});
  Registers sources = rest;
  if (is(name, {"cmp", "cmn", "tst", "teq"})) sources |= r[0];
  else {
    i.writes = r[0];
    if (r.size() == 2 && !begins(name, {"mov", "mvn", "adr", "rsb", "neg", "uxt"})) sources |= r[0];
  }
  if (i.shifts) i.early = r.back() ? r.back() : r.size() > 1 ? r[r.size() - 2] : 0;
  i.late = sources & ~i.early;
  i.fast = !i.shifts && name != "movt" && begins(name, {"add", "sub", "mov", "lsl", "lsr", "asr"});
}

}  // namespace

Instruction decoded(uint32_t address, std::string name, const std::string& operands) {
  Instruction i;
  i.address = address;
  for (const char* width : {".w", ".n"})
    if (name.size() > 2 && name.compare(name.size() - 2, 2, width) == 0) name.resize(name.size() - 2);
  name = without_condition(name);
  const std::vector<std::string> parts = parts_of(operands);
  if (parts.empty()) return i;  // nop and the like
  const bool conditional = name.size() == 3 && name[0] == 'b' && !is(name, {"bic", "blx", "bfc", "bfi"});
  if (conditional || is(name, {"b", "bl", "blx", "bx", "cbz", "cbnz"})) {
    i.kind = Kind::kBranch, i.conditional = conditional || begins(name, {"cb"});
    if (is(name, {"bx", "blx", "cbz", "cbnz"})) i.late = bits(parts[0]);
  } else if (name[0] == 'i' && name.find_first_not_of("te", 1) == std::string::npos) {  // it, ite
  } else if (is(name, {"nop", "dsb", "isb", "dmb", "bkpt", "cpsid", "cpsie", "udf"})) {
  } else if (is(name, {"push", "pop", "ldm", "ldmia", "ldmdb", "stm", "stmia", "stmdb", "ldrd", "strd", "vpush", "vpop",
                       "vldm", "vldmia", "vstm", "vstmia"})) {
    decode_several(i, name, parts);
  } else if (begins(name, {"ldr", "str"})) {
    std::string memory;
    for (size_t p = 1; p < parts.size(); ++p) memory += parts[p] + ",";
    i.kind = name[0] == 'l' ? Kind::kLoad : Kind::kStore, i.part_of_word = name.size() > 3, i.early = bits(memory);
    const size_t close = memory.find("],");
    const bool after = close != std::string::npos && close + 2 < memory.size();
    if (after || memory.find('!') != std::string::npos) i.base = Registers(1) << listed(memory).at(0);
    (i.kind == Kind::kLoad ? i.writes : i.stored) = bits(parts[0]);
  } else if (name[0] == 'v') {
    decode_float(i, name, parts);
  } else if (begins(name, {"mul", "mla", "mls", "smul", "smla", "smml", "smmul", "umul", "umla", "smua", "smus", "smls",
                           "umaal"})) {
    decode_mac(i, name, parts);
  } else {
    std::vector<Registers> r;
    bool shifted = false;
    Registers rest = 0;
    for (const std::string& part : parts) {
      shifted = shifted || begins(part, {"lsl", "lsr", "asr", "ror", "rrx"});
      r.push_back(begins(part, {"lsl", "lsr", "asr", "ror", "rrx"}) ? bits(part.substr(3)) : bits(part));
      if (r.size() > 1) rest |= r.back();
    }
    if (is(name, {"sdiv", "udiv"}))
      i.kind = Kind::kDivide, i.cycles = 8, i.alone = true, i.writes = r[0], i.late = rest;
    else if (begins(name, {"sxt", "uxt", "bfi", "bfc", "ubfx", "sbfx", "rev", "rbit", "pkh", "ssat", "usat", "qadd",
                           "qsub", "sadd", "ssub", "uadd", "usub", "shadd", "uhadd", "clz", "sel", "qd"}))
      decode_narrow(i, name, r, rest);
    else decode_plain(i, name, r, rest, shifted);
  }
  if (i.kind == Kind::kLoad || i.kind == Kind::kSeveral)
    if (i.writes >> 15 & 1) i.kind = Kind::kBranch;
  return i;
}

}  // namespace m7
