#include "base/random.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/hash.h"

namespace nr {
namespace {

TEST(Random, IsAFunctionOfItsKeys) {
  Random a(1, 2, 3), b(1, 2, 3), other_step(1, 3, 3), other_order(1, 3, 2);
  const uint64_t first = a();
  EXPECT_EQ(first, b());
  EXPECT_NE(first, other_step());
  EXPECT_NE(first, other_order());
}

TEST(Random, IsSplitMix64) {  // the first outputs of the published generator for the seed 1234567
  Random random(1234567);
  EXPECT_EQ(random(), 6457827717110365317ull);
  EXPECT_EQ(random(), 3203168211198807973ull);
  EXPECT_EQ(random(), 9817491932198370423ull);
}

TEST(Random, UniformFillsItsIntervalEvenly) {
  Random random(5);
  double mean = 0, low = 1, high = 0;
  constexpr int n = 100000;
  for (int i = 0; i < n; ++i) {
    const double x = random.uniform();
    mean += x / n, low = std::min(low, x), high = std::max(high, x);
  }
  EXPECT_GE(low, 0);
  EXPECT_LT(high, 1);
  EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1.0 / 12 / n));
}

TEST(Random, BelowGivesEveryNumberAndNoOther) {
  Random random(6);
  std::vector<int> count(7);
  for (int i = 0; i < 7000; ++i) ++count.at(random.below(7));
  for (const int c : count) EXPECT_NEAR(c, 1000, 150);
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(7);
  constexpr int n = 100000;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    sum += x, squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1, 5 * std::sqrt(2.0 / n));
}

TEST(Hash, IsFnv1a) {  // the published test vectors
  EXPECT_EQ(hash64(""), 0xcbf29ce484222325ull);
  EXPECT_EQ(hash64("a"), 0xaf63dc4c8601ec8cull);
  EXPECT_EQ(hash64("foobar"), 0x85944171f73967e8ull);
  EXPECT_EQ(hash64("bar", hash64("foo")), hash64("foobar"));
}

TEST(Hash, IsWrittenWithSixteenDigits) { EXPECT_EQ(hex(0xabcull), "0000000000000abc"); }

}  // namespace
}  // namespace nr
