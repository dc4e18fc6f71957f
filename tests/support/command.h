// A shell command with what it printed.
#pragma once
#include <cstdio>
#include <string>

namespace nr {

struct Ran {
  int status;
  std::string output;  // both streams
};

inline Ran run_command(const std::string& command) {
  Ran ran{-1, ""};
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return ran;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) ran.output.append(buffer, n);
  const int code = pclose(pipe);
  ran.status = code < 0 ? code : code >> 8;
  return ran;
}

inline bool installed(const std::string& tool) { return run_command("command -v " + tool).status == 0; }

// Skips the test where the cross compiler is absent; it is there in continuous integration.
#define NR_NEEDS(tool)      \
  if (!nr::installed(tool)) \
  GTEST_SKIP() << tool << " is not installed: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm"

}  // namespace nr
