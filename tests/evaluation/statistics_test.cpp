#include "evaluation/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "support/errors.h"

namespace nr {
namespace {

const std::vector<double> kLine{1, 2, 3, 4, 5};

TEST(Statistics, PseudoValuesOfACorrelationAverageToItAndSpreadAsItDoes) {
  const double none = std::nan("");
  const std::vector<double> x{1, 2, none, 4, 7, 3}, y{2, 1, 5, 3, 9, none};
  const std::vector<double> values = pearson_values(x, y);
  EXPECT_TRUE(std::isnan(values[2]) && std::isnan(values[5]));
  EXPECT_NEAR((values[0] + values[1] + values[3] + values[4]) / 4, pearson({1, 2, 4, 7}, {2, 1, 3, 9}), 1e-12);
  for (const double v : pearson_values({1, 1, 1}, {1, 2, 3}))
    EXPECT_TRUE(std::isnan(v)) << "a constant has no correlation";
  // 200 pairs of r = 0.8, drawn 400 times: the pseudo-values' standard error is r's own spread, (1 - r^2) / sqrt(n).
  std::vector<double> found, errors;
  for (int draw = 0; draw < 400; ++draw) {
    Random random(7, draw);
    std::vector<double> a, b;
    for (int i = 0; i < 200; ++i) a.push_back(random.normal()), b.push_back(0.8 * a.back() + 0.6 * random.normal());
    found.push_back(pearson(a, b)), errors.push_back(deviation(pearson_values(a, b)) / std::sqrt(200));
  }
  EXPECT_NEAR(mean(errors), deviation(found), 0.15 * deviation(found));
  EXPECT_NEAR(mean(errors), 0.36 / std::sqrt(200), 0.003);
}

TEST(Pearson, OfARisingLineIsOneAndOfAFallingLineMinusOne) {
  EXPECT_NEAR(pearson(kLine, {3, 5, 7, 9, 11}), 1, 1e-12);
  EXPECT_NEAR(pearson(kLine, {0.5, 0.4, 0.3, 0.2, 0.1}), -1, 1e-12);
}

TEST(Pearson, OfAParabolaAboutItsAxisIsZero) { EXPECT_NEAR(pearson({-2, -1, 0, 1, 2}, {4, 1, 0, 1, 4}), 0, 1e-12); }

TEST(Pearson, OfACurveThatIsLessThanALineIsLessThanOne) {
  EXPECT_NEAR(pearson({1, 2, 3}, {1, 4, 9}), 8 / std::sqrt(2 * 98 / 3.0), 1e-12);
}

TEST(Pearson, OfAConstantIsUndefined) {
  EXPECT_TRUE(std::isnan(pearson(kLine, {2, 2, 2, 2, 2})));
  EXPECT_TRUE(std::isnan(pearson({0.1, 0.1, 0.1}, {1, 2, 3})));
  EXPECT_TRUE(std::isnan(pearson({1}, {1})));
}

TEST(Pearson, RefusesCurvesOfDifferentLength) {
  EXPECT_EQ(error_of([] { pearson({1, 2}, {1, 2, 3}); }), "pearson: 2 values against 3");
}

TEST(Spearman, OfAnyMonotoneCurveIsOne) {
  std::vector<double> curve;
  for (const double x : kLine) curve.push_back(std::exp(3 * x));
  EXPECT_NEAR(spearman(kLine, curve), 1, 1e-12);
  EXPECT_LT(pearson(kLine, curve), 0.9);
}

TEST(Spearman, GivesTiesTheMeanOfTheirRanks) {
  EXPECT_EQ(ranks({10, 30, 20, 30, 30}), (std::vector<double>{1, 4, 2, 4, 4}));
  EXPECT_NEAR(spearman({1, 2, 3, 4}, {1, 2, 2, 3}), 4.5 / std::sqrt(5 * 4.5), 1e-12);
}

TEST(Median, OfAnEvenCountIsBetweenTheMiddleTwo) {
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median({9, 1, 5}), 5);
}

TEST(Deviation, OfPlusAndMinusOneIsOne) { EXPECT_NEAR(deviation({1, -1, 1, -1}), 1, 1e-12); }

TEST(Bootstrap, IntervalOfAConstantIsThatConstant) {
  const Summary s = summarise({0.7, 0.7, 0.7, 0.7}, 500, 1);
  EXPECT_NEAR(s.low, 0.7, 1e-12);
  EXPECT_NEAR(s.high, 0.7, 1e-12);
  EXPECT_EQ(s.clips, 4);
}

TEST(Bootstrap, IntervalCoversTheMeanOfAGaussianAbout95PercentOfTheTime) {
  Random random(7);
  int covered = 0;
  const int trials = 400;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> sample(60);
    for (double& x : sample) x = 3 + 2 * random.normal();
    const Summary s = summarise(sample, 400, t);
    covered += s.low <= 3 && 3 <= s.high;
  }
  EXPECT_GT(covered, 0.91 * trials);
  EXPECT_LT(covered, 0.98 * trials);
}

TEST(Bootstrap, LeavesUndefinedClipsOutAndCountsTheRest) {
  const Summary s = summarise({1, NAN, 3, NAN}, 100, 1);
  EXPECT_EQ(s.clips, 2);
  EXPECT_EQ(s.mean, 2);
  EXPECT_TRUE(std::isnan(summarise({NAN}, 100, 1).mean));
  EXPECT_TRUE(std::isnan(summarise({1}, 100, 1).low));
}

// Ten instruments of ten clips that are all alike within an instrument: a hundred clips say no more than ten.
TEST(Bootstrap, OfClustersIsAsWideAsTheirNumberAllows) {
  Random random(2);
  std::vector<double> values;
  Clusters clusters;
  for (int instrument = 0; instrument < 10; ++instrument) {
    const double value = random.normal();
    for (int clip = 0; clip < 10; ++clip) values.push_back(value), clusters.push_back(instrument);
  }
  const Summary clips = summarise(values, 1000, 1), instruments = summarise(values, 1000, 1, clusters);
  EXPECT_NEAR((instruments.high - instruments.low) / (clips.high - clips.low), std::sqrt(10.0), 0.5);
  EXPECT_EQ(instruments.mean, clips.mean);
  EXPECT_TRUE(std::isnan(summarise({1, 2, 3}, 100, 1, {4, 4, 4}).low));
  EXPECT_EQ(cluster_means({1, 3, NAN, 5, NAN}, {7, 7, 7, 2, 9}), (std::vector<double>{5, 2}));
  EXPECT_EQ(error_of([] { summarise({1, 2}, 100, 1, {0}); }), "clusters: 1 numbers for 2 clips");
}

// Of five ranks, 20 of the 32 sets of signs have a sum as far from 7.5 as 10 is.
TEST(Wilcoxon, IsExactForFewAndNormalForMany) {
  EXPECT_NEAR(wilcoxon({1, 2, 3, 4, -5}), 20.0 / 32, 1e-12);
  EXPECT_NEAR(wilcoxon({1, 2, 3, 4, 5, 6}), 2.0 / 64, 1e-12);
  EXPECT_NEAR(wilcoxon({1, 1, 1, NAN, 0}), 2.0 / 8, 1e-12);  // ties share rank 2
  EXPECT_TRUE(std::isnan(wilcoxon({0, NAN})));
  Random random(5);
  std::vector<double> few, many;
  for (int i = 0; i < 50; ++i) few.push_back(0.3 + random.normal());
  many = few;
  many.push_back(0.001);  // the least rank: hardly a difference, but another formula
  EXPECT_NEAR(wilcoxon(few), wilcoxon(many), 0.1 * wilcoxon(few));
}

TEST(Wilcoxon, IsBelowFivePercentInFivePercentOfEqualPairs) {
  Random random(9);
  int found = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    std::vector<double> differences(20);
    for (double& d : differences) d = random.normal();
    found += wilcoxon(differences) < 0.05;
  }
  EXPECT_NEAR(found / 1000.0, 0.05, 0.02);
}

TEST(Holm, MultipliesTheLeastByAllAndNeverFallsBelowIt) {
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, NAN, 0.9});
  EXPECT_NEAR(adjusted[0], 0.04, 1e-12);
  EXPECT_NEAR(adjusted[2], 0.09, 1e-12);
  EXPECT_NEAR(adjusted[1], 0.09, 1e-12);  // 2 * 0.04 is less than what stands before it
  EXPECT_TRUE(std::isnan(adjusted[3]));
  EXPECT_EQ(adjusted[4], 0.9);
}

TEST(PairedDifference, IsSureWhereTheClipsDifferMoreThanTheModels) {
  Random random(3);
  std::vector<double> a(40), b(40);
  for (int i = 0; i < 40; ++i) a[i] = 10 * random.normal(), b[i] = a[i] + 1 + 0.1 * random.normal();
  const Summary apart = summarise(a, 500, 1), difference = summarise(paired_differences(a, b), 500, 1);
  EXPECT_GT(apart.high - apart.low, 3);
  EXPECT_NEAR(difference.mean, 1, 0.1);
  EXPECT_GT(difference.low, 0.9);
}

TEST(Derangement, MovesEveryItemAndRepeatsWithItsSeed) {
  for (const int n : {2, 3, 10, 101}) {
    std::vector<int> order = derangement(n, 5);
    EXPECT_EQ(order, derangement(n, 5));
    for (int i = 0; i < n; ++i) EXPECT_NE(order[i], i);
    std::sort(order.begin(), order.end());
    for (int i = 0; i < n; ++i) EXPECT_EQ(order[i], i);
  }
  EXPECT_NE(derangement(50, 1), derangement(50, 2));
}

TEST(Derangement, OfOneClipIsRefused) {
  EXPECT_EQ(error_of([] { derangement(1, 1); }), "exchanging controls needs at least two clips, found 1");
}

// With three groups the F distribution's tail is (1 + 2 F / d)^(-d / 2), d: values less groups. With two, F is t^2.
TEST(Anova, HasTheClosedFormsOfTwoAndThreeGroups) {
  const Anova three = anova({{1, 2, 3}, {2, 3, 4}, {5, 6, 7}});
  EXPECT_NEAR(three.f, 13, 1e-9);
  EXPECT_NEAR(three.p, std::pow(1 + 2 * 13.0 / 6, -3), 1e-10);
  const Anova two = anova({{0, 1, NAN}, {2, 3}});  // t = 2 sqrt(2), 2 degrees of freedom
  EXPECT_NEAR(two.f, 8, 1e-9);
  EXPECT_NEAR(two.p, 1 - std::sqrt(8.0 / (8 + 2)), 1e-10);
  EXPECT_NEAR(anova({{1, 2}, {1, 2}}).p, 1, 1e-9);
  EXPECT_TRUE(std::isnan(anova({{1, 2}}).f));
  EXPECT_TRUE(std::isnan(anova({{1}, {2}}).p));
}

TEST(Auc, IsTheShareOfPairsInOrder) {
  EXPECT_EQ(auc({1, 2, 3, 4}, {false, false, true, true}), 1);
  EXPECT_EQ(auc({1, 2, 3, 4}, {true, true, false, false}), 0);
  EXPECT_EQ(auc({1, 2, 2, 3}, {false, true, false, true}), (1 + 1 + 0.5 + 1) / 4);
  EXPECT_TRUE(std::isnan(auc({1, 2}, {true, true})));
}

TEST(MedianRatio, HasAnIntervalOfPairedSounds) {
  std::vector<double> a, b;
  for (int i = 0; i < 200; ++i) a.push_back(1 + i), b.push_back(0.5 * (1 + i));
  const MedianRatio half = median_ratio(a, b, 300, 1);
  EXPECT_NEAR(half.ratio, 0.5, 1e-12);
  EXPECT_NEAR(half.low, 0.5, 1e-9) << "each pair has this ratio, so that every resample has it";
  EXPECT_NEAR(half.high, 0.5, 1e-9);
  std::vector<double> shuffled(b.rbegin(), b.rend());
  const MedianRatio apart = median_ratio(a, shuffled, 300, 1);
  EXPECT_LT(apart.low, 0.45);
  EXPECT_GT(apart.high, 0.55);
}

}  // namespace
}  // namespace nr
