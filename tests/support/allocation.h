// Counts operator new in this thread: real-time code must leave the count as it was.
#pragma once
#include <cstdint>

namespace nr {

int64_t allocations();

}  // namespace nr
