// How the numbers of many clips become one number with its uncertainty, and how two curves are compared. No torch.
#pragma once
#include <cstdint>
#include <vector>

namespace nr {

// Product-moment correlation in [-1, 1]; NaN when either side is constant or there are fewer than two points.
double pearson(const std::vector<double>& x, const std::vector<double>& y);
// A pseudo-value for every pair, a b - r (a^2 + b^2) / 2 + r with standardised a and b: their mean is Pearson's r and
// their spread its uncertainty (infinitesimal jackknife, Efron 1982). NaN where a pair has one; such pairs do not
// count.
std::vector<double> pearson_values(const std::vector<double>& x, const std::vector<double>& y);
// Pearson of the ranks, ties sharing their mean rank.
double spearman(const std::vector<double>& x, const std::vector<double>& y);
// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values);

double mean(const std::vector<double>& values);       // NaN when empty
double deviation(const std::vector<double>& values);  // population standard deviation; NaN when empty
double median(std::vector<double> values);            // of an even count: the mean of the middle two

// One metric over the clips in which it is defined.
struct Summary {
  double mean, median;
  double low, high;  // 95 % percentile-bootstrap interval of the mean, resampling clips (Efron 1979)
  int clips = 0;
};

// NaNs are left out. Fewer than two values: the interval is NaN, for nothing is known of the spread.
Summary summarise(const std::vector<double>& values, int resamples, uint64_t seed);

// b - a over the clips in which both are defined, so that what both share cancels: values[i] of each belong to the same
// clip.
Summary paired_difference(const std::vector<double>& a, const std::vector<double>& b, int resamples, uint64_t seed);

// A permutation without a fixed point, the same for the same seed (Sattolo 1986). Error for fewer than two items.
std::vector<int> derangement(int items, uint64_t seed);

}  // namespace nr
