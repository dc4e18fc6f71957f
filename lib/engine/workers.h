// Threads that help another one with pieces of its work. That one takes no lock and calls no system: it takes pieces
// itself until none is left, and then waits, spinning, for those that a worker has begun. A worker that the system
// stops amid a piece holds it up: give the workers cores of their own.
#pragma once
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace nr {

class Workers {
 public:
  explicit Workers(int count);  // beside the thread that calls run()
  ~Workers();
  Workers(const Workers&) = delete;

  // work(piece) for each piece below `pieces`, once, on any of the threads; returns when all are done. One thread calls
  // it. `work` throws nothing.
  template <class Work>
  void run(int pieces, const Work& work) {
    begin(pieces, [](const void* of, int piece) { (*static_cast<const Work*>(of))(piece); }, &work);
  }

 private:
  using Call = void (*)(const void* work, int piece);
  void begin(int pieces, Call call, const void* work);
  bool take();
  void help();

  // Upper half: which run() it is; lower half: how many of its pieces nobody has taken. So a piece is taken of the run
  // that is going on, or of none, and what is below does not change while one is at work.
  std::atomic<uint64_t> open_{0};
  std::atomic<int> done_{0};
  Call call_ = nullptr;
  const void* work_ = nullptr;
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

}  // namespace nr
