// A loop over independent items on all cores. The first error stops the rest and is rethrown.
#pragma once
#include <cstddef>
#include <functional>

namespace nr {

void parallel_for(size_t items, const std::function<void(size_t)>& work, unsigned threads = 0);  // 0: all cores

}  // namespace nr
