// Values of a pure function of a step, worked out ahead by threads. Which thread makes which value changes nothing.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace nr {

template <class T>
class Prefetch {
 public:
  // threads 0: every value is made when it is asked for.
  Prefetch(std::function<T(int64_t)> make, int threads) : make_(std::move(make)), ahead_(2 * threads) {
    for (int i = 0; i < threads; ++i) pool_.emplace_back([this] { work(); });
  }
  ~Prefetch() {
    {
      const std::lock_guard<std::mutex> lock(guard_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : pool_) thread.join();
  }

  T get(int64_t step) {
    if (pool_.empty()) return make_(step);
    std::unique_lock<std::mutex> lock(guard_);
    // Steps that nobody will ask for are dropped; those being made are left to finish.
    for (auto slot = slots_.begin(); slot != slots_.end();) {
      const bool unasked = slot->first < step || slot->first > step + ahead_;
      slot = unasked && !slot->second.being_made() ? slots_.erase(slot) : std::next(slot);
    }
    for (int64_t next = step; next <= step + ahead_; ++next) slots_.try_emplace(next);
    wanted_ = step;
    changed_.notify_all();
    changed_.wait(lock, [&] { return slots_[step].value || slots_[step].error; });
    const Slot slot = std::move(slots_[step]);
    slots_.erase(step);
    if (slot.error) std::rethrow_exception(slot.error);
    return *slot.value;
  }

 private:
  struct Slot {
    bool taken = false;
    std::optional<T> value;
    std::exception_ptr error;
    bool being_made() const { return taken && !value && !error; }
  };

  // The next step to make: the one waited for first, then those after it.
  typename std::map<int64_t, Slot>::iterator next() {
    auto slot = slots_.lower_bound(wanted_);
    while (slot != slots_.end() && slot->second.taken) ++slot;
    return slot;
  }

  void work() {
    std::unique_lock<std::mutex> lock(guard_);
    for (;;) {
      changed_.wait(lock, [&] { return stop_ || next() != slots_.end(); });
      if (stop_) return;
      const auto slot = next();
      slot->second.taken = true;
      const int64_t step = slot->first;
      lock.unlock();
      std::optional<T> value;
      std::exception_ptr error;
      try {
        value = make_(step);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      Slot& done = slots_[step];
      done.value = std::move(value);
      done.error = error;
      if (step < wanted_) slots_.erase(step);
      changed_.notify_all();
    }
  }

  std::function<T(int64_t)> make_;
  int64_t ahead_;
  int64_t wanted_ = 0;
  std::map<int64_t, Slot> slots_;
  std::mutex guard_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::vector<std::thread> pool_;
};

}  // namespace nr
