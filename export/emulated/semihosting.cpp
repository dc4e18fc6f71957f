// Start-up and semihosting for QEMU's mps2-an500 (Cortex-M7). With -icount shift=6 an instruction takes 64 ns and the
// CMSDK timer at 0x40000000 ticks every 40 ns, so instructions are counted exactly.
#include <stdint.h>
#include <string.h>

#include "console.h"

extern "C" {
extern uint32_t _estack, _sidata, _sdata, _edata, _sbss, _ebss;
extern void (*__init_array_start[])();
extern void (*__init_array_end[])();
int main();
}

namespace {

enum { kOpen = 1, kClose = 2, kWrite0 = 4, kWrite = 5, kRead = 6, kLength = 0xc, kExitExtended = 0x20 };
constexpr int kReadBinary = 1, kWriteBinary = 5, kApplicationExit = 0x20026;

int call(int operation, const void* argument) {
  register int r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

int open(const char* path, uint32_t mode) {
  const uint32_t block[] = {reinterpret_cast<uint32_t>(path), mode, uint32_t(strlen(path))};
  return call(kOpen, block);
}

[[noreturn]] void leave(int code) {
  const int block[] = {kApplicationExit, code};
  call(kExitExtended, block);
  for (;;) {
  }
}

volatile uint32_t* const timer =
    reinterpret_cast<volatile uint32_t*>(0x40000000);  // control, value, reload; counts down
constexpr uint32_t kOverhead = 13;                     // ticks of reading it twice

}  // namespace

namespace nr {

void print(const char* text) { call(kWrite0, text); }
int open_for_writing(const char* path) { return open(path, kWriteBinary); }
bool write(int file, const void* bytes, int count) {
  const uint32_t block[] = {uint32_t(file), reinterpret_cast<uint32_t>(bytes), uint32_t(count)};
  return call(kWrite, block) == 0;
}
int open_for_reading(const char* path) { return open(path, kReadBinary); }
int size_of(int file) {
  const uint32_t block[] = {uint32_t(file)};
  return call(kLength, block);
}
bool read(int file, void* bytes, int count) {
  const uint32_t block[] = {uint32_t(file), reinterpret_cast<uint32_t>(bytes), uint32_t(count)};
  return call(kRead, block) == 0;
}
void close(int file) {
  const uint32_t block[] = {uint32_t(file)};
  call(kClose, block);
}
uint32_t clock_ticks() { return ~timer[1]; }
uint32_t instructions_of(uint32_t ticks) {
  return ticks < kOverhead ? 0 : uint32_t(uint64_t(ticks - kOverhead) * 5 / 8);
}

}  // namespace nr

extern "C" {

void reset_handler() {
  *reinterpret_cast<volatile uint32_t*>(0xE000ED88) |= 0xFu << 20;  // the FPU is off at reset
  asm volatile("dsb\n isb");
  const uint32_t* from = &_sidata;
  for (uint32_t* to = &_sdata; to < &_edata;) *to++ = *from++;
  for (uint32_t* to = &_sbss; to < &_ebss;) *to++ = 0;
  for (auto init = __init_array_start; init < __init_array_end; ++init) (*init)();
  timer[2] = timer[1] = ~0u;
  timer[0] = 1;
  leave(main());
}

void fault_handler() {
  nr::print("fault\n");
  leave(99);
}

__attribute__((section(".isr_vector"), used)) const void* const vectors[16] = {&_estack,
                                                                               reinterpret_cast<void*>(reset_handler),
                                                                               reinterpret_cast<void*>(fault_handler),
                                                                               reinterpret_cast<void*>(fault_handler),
                                                                               reinterpret_cast<void*>(fault_handler),
                                                                               reinterpret_cast<void*>(fault_handler),
                                                                               reinterpret_cast<void*>(fault_handler)};
}
