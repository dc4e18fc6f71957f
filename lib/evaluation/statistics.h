// Statistics: correlation of two curves, and the mean over clips with its interval. No torch.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

namespace nr {

// A number that is not defined, such as the correlation of a constant.
constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Product-moment correlation in [-1, 1]; NaN when either side is constant or there are fewer than two points.
double pearson(const std::vector<double>& x, const std::vector<double>& y);
// A pseudo-value for every pair: a b - r (a^2 + b^2) / 2 + r, with standardised a and b. Their mean is Pearson's r and
// their spread is its uncertainty (infinitesimal jackknife, Efron 1982). NaN for a pair in which either is NaN. Such
// pairs do not count.
std::vector<double> pearson_values(const std::vector<double>& x, const std::vector<double>& y);
// Pearson of the ranks, ties sharing their mean rank.
double spearman(const std::vector<double>& x, const std::vector<double>& y);
// The chance that a value of a positive is above one of a negative, ties counting half (Mann-Whitney): the area under
// the ROC curve. NaN where either side is empty.
double auc(const std::vector<double>& values, const std::vector<bool>& positive);
// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values);

std::vector<double> finite(const std::vector<double>& values);  // those that are
double mean(const std::vector<double>& values);       // NaN when empty
double deviation(const std::vector<double>& values);  // population standard deviation; NaN when empty
double median(std::vector<double> values);            // of an even count: the mean of the middle two

// One metric over the clips in which it is defined.
struct Summary {
  double mean, median;
  double low, high;  // 95 % percentile-bootstrap interval of the mean (Efron 1979)
  int clips = 0;
};

// Which clips belong together, such as those of one instrument: the number of each clip's cluster. Empty: each clip is
// a cluster of its own.
using Clusters = std::vector<int>;

// NaNs are left out. The interval resamples clusters, each with all its clips. Of fewer than two it is NaN.
Summary summarise(const std::vector<double>& values, int resamples, uint64_t seed, const Clusters& clusters = {});

// b - a, clip by clip; NaN where one of them is not defined. a[i] and b[i] belong to the same clip.
std::vector<double> paired_differences(const std::vector<double>& a, const std::vector<double>& b);

// The mean of each cluster's values; NaNs are left out, and so are clusters without values.
std::vector<double> cluster_means(const std::vector<double>& values, const Clusters& clusters);

// Two-sided signed-rank test: how likely differences that lie as far to one side are by chance (Wilcoxon 1945). Zeros
// are left out, ties share their mean rank. Exact for up to 50 values, else by the normal distribution. NaN without
// values that differ from 0.
double wilcoxon(const std::vector<double>& differences);

// The p values of a family of tests, so that one below 0.05 anywhere in it has a chance of 5 % (Holm 1979). NaNs are no
// tests.
std::vector<double> holm(const std::vector<double>& p);

// Median of b over median of a, over the clips in which both are defined, with its 95 % percentile-bootstrap interval,
// resampling clips: the same in a and b. NaN where there are fewer than two.
struct MedianRatio {
  double ratio, low, high;
};
MedianRatio median_ratio(const std::vector<double>& a, const std::vector<double>& b, int resamples, uint64_t seed);

// One-way analysis of variance: do the groups share one mean? NaNs are left out. NaN where fewer than two groups have
// values, or no group has two.
struct Anova {
  double f, p;  // the ratio of variances, and how likely one as large is by chance (F distribution)
};
Anova anova(const std::vector<std::vector<double>>& groups);

// A permutation without a fixed point, the same for the same seed (Sattolo 1986). Error for fewer than two items.
std::vector<int> derangement(int items, uint64_t seed);

}  // namespace nr
