#include "base/main.h"

#include <cstdio>
#include <exception>
#include <string>

namespace nr {

int run_main(const std::function<void()>& run) {
  try {
    run();
    return 0;
  } catch (const std::exception& error) {  // LibTorch's errors carry a stack trace below their first line
    const std::string what = error.what();
    std::fprintf(stderr, "error: %s\n", what.substr(0, what.find('\n')).c_str());
    return 1;
  }
}

}  // namespace nr
