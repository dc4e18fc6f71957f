// What every program's main() runs in: an exception that nobody caught ends the program with one line and status 1.
#pragma once
#include <functional>

namespace nr {

// 0 when `run` returns, 1 after printing "error: ..." when it throws.
int run_main(const std::function<void()>& run);

}  // namespace nr
