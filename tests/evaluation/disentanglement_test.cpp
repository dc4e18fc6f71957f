// Latents whose disentanglement is known by construction.
#include "evaluation/disentanglement.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.h"

namespace nr {
namespace {

constexpr size_t kSounds = 2000;

// Three factors of 2, 4 and 5 classes; dimension d carries factor d, the fourth none.
struct Made {
  std::vector<Factor> factors{{"kind", {}}, {"drive", {}}, {"tone", {}}};
  std::vector<std::vector<double>> latents = std::vector<std::vector<double>>(4);
};

Made made() {
  Made out;
  Random random(1);
  for (size_t i = 0; i < kSounds; ++i) {
    const int classes[] = {2, 4, 5};
    for (size_t f = 0; f < 3; ++f) {
      out.factors[f].classes.push_back(int(random.below(classes[f])));
      out.latents[f].push_back(out.factors[f].classes.back() + 0.01 * random.normal());
    }
    out.latents[3].push_back(random.normal());
  }
  return out;
}

TEST(MutualInformation, IsTheEntropyOfAClassWithItselfAndNothingBetweenUnrelatedOnes) {
  std::vector<int> a, b;
  Random random(3);
  for (size_t i = 0; i < kSounds; ++i) a.push_back(int(random.below(4))), b.push_back(int(random.below(8)));
  EXPECT_NEAR(entropy(a), std::log(4), 0.01);
  EXPECT_NEAR(mutual_information(a, a), entropy(a), 0.01);
  EXPECT_NEAR(mutual_information(a, b), 0, 0.01);
}

TEST(MutualInformation, LosesItsBias) {
  double sum = 0;  // of 60 sounds in 50 cells: about 0.3 nats without the correction
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    std::vector<int> a, b;
    for (int i = 0; i < 60; ++i) a.push_back(int(random.below(10))), b.push_back(int(random.below(5)));
    sum += mutual_information(a, b) / 50;
  }
  EXPECT_LT(sum, 0.1);
}

TEST(MutualInformation, LeavesOutWhatIsNotKnown) {
  EXPECT_NEAR(mutual_information({0, 0, 1, 1, -1, -1}, {0, 0, 1, 1, 1, 0}), std::log(2) - 1.0 / 8, 1e-9);
}

TEST(EqualCounts, AreByRankWithoutNaN) {
  EXPECT_THAT(equal_counts({5, 1, NAN, 9, 3}, 2), testing::ElementsAre(1, 0, -1, 1, 0));
}

TEST(Disentanglement, IsWholeWhereEachDimensionHasItsFactor) {
  const Made m = made();
  const Disentanglement d = disentanglement(m.latents, m.factors, 1);
  EXPECT_GT(d.mig, 0.85);  // a bin may hold the border of two classes
  EXPECT_GT(d.disentanglement, 0.95);
  EXPECT_GT(d.completeness, 0.95);
  EXPECT_GT(d.vote, 0.95);
  EXPECT_THAT(d.information, testing::Each(testing::Gt(0.85)));
}

TEST(Disentanglement, FallsWhereDimensionsAreMixed) {
  Made m = made();
  for (size_t i = 0; i < kSounds; ++i) {
    const double a = m.latents[0][i], b = m.latents[1][i] / 3, c = m.latents[2][i] / 4;
    m.latents[0][i] = a + b + c, m.latents[1][i] = a - b + c, m.latents[2][i] = a + b - c;
  }
  const Disentanglement d = disentanglement(m.latents, m.factors, 1);
  EXPECT_LT(d.mig, 0.5);
  EXPECT_LT(d.disentanglement, 0.6);
  EXPECT_LT(d.completeness, 0.6);
}

TEST(Disentanglement, IsNothingWhereLatentsSayNothing) {
  Made m = made();
  Random random(9);
  for (auto& z : m.latents)
    for (double& v : z) v = random.normal();
  const Disentanglement d = disentanglement(m.latents, m.factors, 1);
  EXPECT_THAT(d.information, testing::Each(testing::Lt(0.02)));
  EXPECT_LT(d.mig, 0.02);
  EXPECT_LT(d.vote, 0.6);  // one in three, and what the votes happen to fit
}

}  // namespace
}  // namespace nr
