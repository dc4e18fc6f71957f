// The test program's surroundings on a desktop.
#include <cstdio>

#include "console.h"

namespace nr {

static FILE* file;

void print(const char* text) { std::fputs(text, stdout); }
int open_for_writing(const char* path) { return (file = std::fopen(path, "wb")) ? 0 : -1; }
bool write(int, const void* bytes, int count) { return std::fwrite(bytes, 1, count, file) == size_t(count); }
void close(int) { std::fclose(file); }
uint32_t clock_ticks() { return 0; }
uint32_t instructions_of(uint32_t) { return 0; }

}  // namespace nr
