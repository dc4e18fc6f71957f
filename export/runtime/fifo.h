// Between a main loop that makes a tick at a time and an audio interrupt that drains a few samples: one writer, one
// reader, no lock.
#pragma once
#include <stdint.h>

namespace nr {

// Two ticks of `kSize` samples. Counters run freely.
template <int kSize>
class TickFifo {
 public:
  uint32_t waiting() const { return written_ - read_; }
  // A whole tick's room, or null: then the reader has not come far enough.
  float* room() { return written_ - read_ <= kSize ? buffer_[(written_ / kSize) & 1] : nullptr; }
  void push() {
    barrier();  // the samples before the counter
    written_ = written_ + kSize;
  }
  // False when the writer is late.
  bool pop(float& sample) {
    const uint32_t at = read_;
    if (written_ == at) return false;
    barrier();
    sample = buffer_[(at / kSize) & 1][at % kSize];
    barrier();
    read_ = at + 1;
    return true;
  }

 private:
  static_assert((kSize & (kSize - 1)) == 0, "counters wrap around at 2^32: a tick must divide it");
  static void barrier() { __atomic_thread_fence(__ATOMIC_ACQ_REL); }
  float buffer_[2][kSize];
  volatile uint32_t written_ = 0, read_ = 0;
};

}  // namespace nr
