// Every test draws from the same seed, by itself as among others.
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace {

struct Seeding : testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo&) override { torch::manual_seed(1); }
};

[[maybe_unused]] const bool seeding = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new Seeding);
  return true;
}();

}  // namespace
