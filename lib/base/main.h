// The only place that catches: one line, exit 1, no stack trace.
#pragma once
#include <functional>

namespace nr {

// 0 when `run` returns, 1 after printing "error: ..." when it throws.
int run_main(const std::function<void()>& run);

}  // namespace nr
