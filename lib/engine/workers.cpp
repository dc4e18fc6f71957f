#include "engine/workers.h"

#include <chrono>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace nr {
namespace {

void pause_briefly() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

Workers::Workers(int count) {
  for (int i = 0; i < count; ++i) threads_.emplace_back([this] { help(); });
}

Workers::~Workers() {
  over_ = true;
  for (std::thread& thread : threads_) thread.join();
}

bool Workers::take() {
  uint64_t open = open_.load(std::memory_order_acquire);
  do {
    if (!uint32_t(open)) return false;
  } while (!open_.compare_exchange_weak(open, open - 1, std::memory_order_acq_rel, std::memory_order_acquire));
  call_(work_, int(uint32_t(open)) - 1);
  done_.fetch_add(1, std::memory_order_release);
  return true;
}

void Workers::begin(int pieces, Call call, const void* work) {
  call_ = call, work_ = work;
  done_.store(0, std::memory_order_relaxed);
  const uint64_t run = (open_.load(std::memory_order_relaxed) >> 32) + 1;
  open_.store(run << 32 | uint32_t(pieces), std::memory_order_release);
  while (take()) {
  }
  while (done_.load(std::memory_order_acquire) < pieces) pause_briefly();
}

// A worker without work watches for it for a while, as between the nodes of a tick, then looks every 50 us, as between
// ticks, and after a second without any, as in a pause, every 5 ms.
void Workers::help() {
  using namespace std::chrono;
  constexpr int kWatch = 4000, kLooks = 20000;
  for (int idle = 0; !over_;) {
    if (take())
      idle = 0;
    else if (++idle < kWatch)
      pause_briefly();
    else
      std::this_thread::sleep_for(idle < kWatch + kLooks ? microseconds(50) : microseconds(5000));
    if (idle > kWatch + kLooks) idle = kWatch + kLooks;  // no overflow
  }
}

}  // namespace nr
