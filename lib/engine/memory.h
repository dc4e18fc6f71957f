// Memory that is allocated once: aligned to vectors, zero at first, on large pages where the system has them.
#pragma once
#include <cstddef>
#include <memory>

namespace nr {

class Memory {
 public:
  static constexpr size_t kAlignment = 64;
  explicit Memory(size_t bytes);
  char* data() const { return data_.get(); }
  size_t size() const { return size_; }
  void clear();

 private:
  struct Free {
    void operator()(char* at) const;
  };
  size_t size_;
  std::unique_ptr<char, Free> data_;
};

// `bytes` rounded up to whole vectors.
constexpr size_t aligned_size(size_t bytes) {
  return (bytes + Memory::kAlignment - 1) / Memory::kAlignment * Memory::kAlignment;
}

}  // namespace nr
