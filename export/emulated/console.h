// What the test program needs of its surroundings: semihosting.cpp on a Cortex-M under QEMU, host.cpp on a desktop.
#pragma once
#include <stdint.h>

namespace nr {

void print(const char* text);
inline void print_number(uint64_t value) {
  char digits[24];
  char* at = digits + sizeof digits;
  *--at = 0;
  do *--at = char('0' + value % 10);
  while (value /= 10);
  print(at);
}
int open_for_writing(const char* path);  // a file of the host; < 0: cannot
bool write(int file, const void* bytes, int count);
int open_for_reading(const char* path);  // < 0: cannot
int size_of(int file);                   // bytes; < 0: unknown
bool read(int file, void* bytes, int count);
void close(int file);
uint32_t clock_ticks();                    // counts up
uint32_t instructions_of(uint32_t ticks);  // 0 where instructions cannot be counted

}  // namespace nr
