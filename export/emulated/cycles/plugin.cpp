// A plug-in of QEMU's (its interface 1) that models the cycles of what is executed between each two calls of
// nr::clock_ticks; run.sh loads it. Its arguments: disassembly=FILE, of `arm-none-eabi-objdump -dC --no-show-raw-insn`;
// out=FILE, where it writes the cycles of each such window, a line each.
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "model.h"

// Of qemu-plugin.h, which Debian does not ship.
extern "C" {
using qemu_plugin_id_t = uint64_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, qemu_plugin_tb*));
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void*), void*);
size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb*);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb*, size_t);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn*);
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn*, void (*)(unsigned, void*), int flags, void*);
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn*, void (*)(unsigned, uint32_t, uint64_t, void*), int flags,
                                      int rw, void*);
__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t, const qemu_info_t*, int, char**);
}

namespace {

constexpr int kReadOrWrite = 3;

std::map<uint32_t, m7::Instruction> code;
uint32_t bracket = 0;  // where nr::clock_ticks begins

m7::Model model;
bool within = false;
uint64_t opened = 0;  // the cycle
std::ofstream out;
const m7::Instruction* last = nullptr;  // executed when it is known what follows
uint32_t memory = 0;

// "    8a4:\tldr.w\tr3, [r2], #4", and before each function "000008a4 <nr::Stream::tick()>:".
void read_disassembly(const char* path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.find(" <nr::clock_ticks()>:") != std::string::npos) bracket = uint32_t(std::stoul(line, nullptr, 16));
    const size_t name = line.find(":\t") + 2, operands = line.find('\t', name);
    if (name == 1 || line[0] != ' ' || line[name] == '.') continue;
    const auto address = uint32_t(std::stoul(line, nullptr, 16));
    try {
      code[address] = m7::decoded(address, line.substr(name, operands - name),
                                  operands == std::string::npos ? "" : line.substr(operands + 1));
    } catch (const std::out_of_range&) {  // data
    }
  }
}

void executed(unsigned, void* which) {
  const auto* now = static_cast<const m7::Instruction*>(which);
  if (within && last) model.execute(*last, memory, now->address);
  last = now, memory = 0;
  if (now->address != bracket) return;
  within = !within;
  if (within) opened = model.cycles();
  else out << model.cycles() - opened << "\n";
}

void accessed(unsigned, uint32_t, uint64_t address, void*) {
  if (!memory) memory = uint32_t(address);
}

void translated(qemu_plugin_id_t, qemu_plugin_tb* block) {
  for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
    qemu_plugin_insn* instruction = qemu_plugin_tb_get_insn(block, i);
    const auto found = code.find(uint32_t(qemu_plugin_insn_vaddr(instruction)));
    if (found == code.end()) continue;
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, 0, &found->second);
    qemu_plugin_register_vcpu_mem_cb(instruction, accessed, 0, kReadOrWrite, nullptr);
  }
}

void finished(qemu_plugin_id_t, void*) { out.close(); }

}  // namespace

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t*, int count, char** arguments) {
  for (int i = 0; i < count; ++i) {
    if (std::strncmp(arguments[i], "disassembly=", 12) == 0) read_disassembly(arguments[i] + 12);
    if (std::strncmp(arguments[i], "out=", 4) == 0) out.open(arguments[i] + 4);
  }
  if (code.empty() || !bracket || !out) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, finished, nullptr);
  return 0;
}
