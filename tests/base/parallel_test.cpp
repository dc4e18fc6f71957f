#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "support/errors.h"

namespace nr {
namespace {

TEST(ParallelFor, DoesEveryItemOnce) {
  for (const unsigned threads : {0u, 1u, 3u, 64u}) {
    std::vector<std::atomic<int>> done(50);
    parallel_for(done.size(), [&](size_t i) { ++done[i]; }, threads);
    for (const auto& count : done) EXPECT_EQ(count, 1);
  }
  parallel_for(0, [](size_t) { FAIL() << "there is no item"; });
}

TEST(ParallelFor, RethrowsTheFirstErrorAndStopsTheRest) {
  std::atomic<int> done{0};
  EXPECT_EQ(error_of([&] {
              parallel_for(
                  100000,
                  [&](size_t i) {
                    if (i == 3) fail("item 3 is damaged");
                    ++done;
                    std::this_thread::sleep_for(std::chrono::microseconds(50));
                  },
                  2);
            }),
            "item 3 is damaged");
  EXPECT_LT(done, 50000);
}

}  // namespace
}  // namespace nr
