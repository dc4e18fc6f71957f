#include "engine/memory.h"

#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace nr {
namespace {
constexpr size_t kLargePage = size_t{2} << 20;
}

Memory::Memory(size_t bytes) : size_(bytes) {
  const size_t to = bytes >= kLargePage ? kLargePage : kAlignment, rounded = (bytes + to - 1) / to * to;
  data_.reset(static_cast<char*>(std::aligned_alloc(to, rounded ? rounded : to)));
  if (!data_) throw std::bad_alloc();
#if defined(__linux__)
  if (to == kLargePage) madvise(data_.get(), rounded, MADV_HUGEPAGE);  // refused: slower by a tenth
#endif
  clear();
}

void Memory::clear() { std::memset(data_.get(), 0, size_); }

void Memory::Free::operator()(char* at) const { std::free(at); }

}  // namespace nr
