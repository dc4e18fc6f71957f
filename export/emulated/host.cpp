// The test program's surroundings on a desktop.
#include <cstdio>

#include "console.h"

namespace nr {

static FILE* files[2];

static int opened(int file, const char* path, const char* mode) {
  return (files[file] = std::fopen(path, mode)) ? file : -1;
}

void print(const char* text) { std::fputs(text, stdout); }
int open_for_writing(const char* path) { return opened(0, path, "wb"); }
bool write(int file, const void* bytes, int count) {
  return std::fwrite(bytes, 1, count, files[file]) == size_t(count);
}
int open_for_reading(const char* path) { return opened(1, path, "rb"); }
int size_of(int file) {
  if (std::fseek(files[file], 0, SEEK_END)) return -1;
  const long size = std::ftell(files[file]);
  std::rewind(files[file]);
  return int(size);
}
bool read(int file, void* bytes, int count) { return std::fread(bytes, 1, count, files[file]) == size_t(count); }
void close(int file) { std::fclose(files[file]); }
uint32_t clock_ticks() { return 0; }
uint32_t instructions_of(uint32_t) { return 0; }

}  // namespace nr
