#include "evaluation/statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/error.h"
#include "base/random.h"

namespace nr {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * (sorted.size() - 1);
  const size_t below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> out;
  for (const double v : values)
    if (std::isfinite(v)) out.push_back(v);
  return out;
}

double mean(const std::vector<double>& values) {
  return values.empty() ? kUndefined : std::accumulate(values.begin(), values.end(), 0.0) / values.size();
}

double deviation(const std::vector<double>& values) {
  const double centre = mean(values);
  double sum = 0;
  for (const double v : values) sum += (v - centre) * (v - centre);
  return values.empty() ? kUndefined : std::sqrt(sum / values.size());
}

double median(std::vector<double> values) {
  if (values.empty()) return kUndefined;
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size()) fail("pearson: ", x.size(), " values against ", y.size());
  if (x.size() < 2) return kUndefined;
  const double mx = mean(x), my = mean(y);
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  // A constant's deviations from its mean are rounding errors. Below this they are no variation.
  const double noise = 1e-24 * x.size();
  if (xx <= noise * mx * mx || yy <= noise * my * my) return kUndefined;
  return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

std::vector<double> pearson_values(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size()) fail("pearson: ", x.size(), " values against ", y.size());
  std::vector<double> a, b, out(x.size(), kUndefined);
  const auto counts = [&](size_t i) { return std::isfinite(x[i]) && std::isfinite(y[i]); };
  for (size_t i = 0; i < x.size(); ++i)
    if (counts(i)) a.push_back(x[i]), b.push_back(y[i]);
  const double r = pearson(a, b), ma = mean(a), mb = mean(b), da = deviation(a), db = deviation(b);
  if (std::isnan(r)) return out;
  for (size_t i = 0; i < x.size(); ++i) {
    const double u = (x[i] - ma) / da, v = (y[i] - mb) / db;
    if (counts(i)) out[i] = u * v - r * (u * u + v * v) / 2 + r;
  }
  return out;
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> out(values.size());
  for (size_t i = 0, end; i < order.size(); i = end) {
    for (end = i + 1; end < order.size() && values[order[end]] == values[order[i]];) ++end;
    for (size_t j = i; j < end; ++j) out[order[j]] = 0.5 * (i + 1 + end);
  }
  return out;
}

double spearman(const std::vector<double>& x, const std::vector<double>& y) { return pearson(ranks(x), ranks(y)); }

double auc(const std::vector<double>& values, const std::vector<bool>& positive) {
  if (values.size() != positive.size()) fail("auc: ", values.size(), " values against ", positive.size());
  const std::vector<double> rank = ranks(values);
  double sum = 0, ups = 0;
  for (size_t i = 0; i < rank.size(); ++i)
    if (positive[i]) sum += rank[i], ++ups;
  const double downs = double(rank.size()) - ups;
  return ups > 0 && downs > 0 ? (sum - ups * (ups + 1) / 2) / (ups * downs) : kUndefined;
}

namespace {

struct Sum {
  double sum = 0;
  int count = 0;
};

// Of each cluster that has values, in the order of their numbers.
std::vector<Sum> cluster_sums(const std::vector<double>& values, const Clusters& clusters) {
  if (!clusters.empty() && clusters.size() != values.size())
    fail("clusters: ", clusters.size(), " numbers for ", values.size(), " clips");
  std::map<int, Sum> found;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    Sum& sum = found[clusters.empty() ? int(i) : clusters[i]];
    sum.sum += values[i], ++sum.count;
  }
  std::vector<Sum> out;
  for (const auto& [cluster, sum] : found) out.push_back(sum);
  return out;
}

}  // namespace

Summary summarise(const std::vector<double>& all, int resamples, uint64_t seed, const Clusters& clusters) {
  const std::vector<double> values = finite(all);
  Summary out{mean(values), median(values), kUndefined, kUndefined, static_cast<int>(values.size())};
  const std::vector<Sum> sums = cluster_sums(all, clusters);
  if (sums.size() < 2 || resamples < 2) return out;
  Random random(seed, values.size());
  std::vector<double> means(resamples);
  for (double& m : means) {
    Sum drawn;
    for (size_t i = 0; i < sums.size(); ++i) {
      const Sum& one = sums[random.below(sums.size())];
      drawn.sum += one.sum, drawn.count += one.count;
    }
    m = drawn.sum / drawn.count;
  }
  std::sort(means.begin(), means.end());
  out.low = quantile(means, 0.025);
  out.high = quantile(means, 0.975);
  return out;
}

std::vector<double> paired_differences(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) fail("paired difference: ", a.size(), " clips against ", b.size());
  std::vector<double> out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = b[i] - a[i];
  return out;
}

std::vector<double> cluster_means(const std::vector<double>& values, const Clusters& clusters) {
  std::vector<double> out;
  for (const Sum& sum : cluster_sums(values, clusters)) out.push_back(sum.sum / sum.count);
  return out;
}

double wilcoxon(const std::vector<double>& differences) {
  std::vector<double> sizes, signs;
  for (const double d : differences)
    if (std::isfinite(d) && d != 0) sizes.push_back(std::abs(d)), signs.push_back(d);
  if (sizes.empty()) return kUndefined;
  const std::vector<double> rank = ranks(sizes);
  double positive = 0, all = 0, squares = 0;
  for (size_t i = 0; i < rank.size(); ++i)
    positive += signs[i] > 0 ? rank[i] : 0, all += rank[i], squares += rank[i] * rank[i];
  const double off = std::abs(positive - all / 2);
  if (rank.size() > 50) return std::erfc(std::max(0.0, off - 0.5) / std::sqrt(squares / 4) / std::sqrt(2.0));
  // The chance of every sum of ranks. Mean ranks of ties are halves, so sums are counted in halves.
  std::vector<double> chance(static_cast<size_t>(2 * all) + 1);
  chance[0] = 1;
  size_t top = 0;
  for (const double r : rank) {
    const auto step = static_cast<size_t>(2 * r + 0.5);
    top += step;
    for (size_t s = top + 1; s-- > 0;) chance[s] = 0.5 * (chance[s] + (s >= step ? chance[s - step] : 0));
  }
  double p = 0;
  for (size_t s = 0; s < chance.size(); ++s)
    if (std::abs(s / 2.0 - all / 2) >= off - 1e-9) p += chance[s];
  return std::min(1.0, p);
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<size_t> order;
  for (size_t i = 0; i < p.size(); ++i)
    if (std::isfinite(p[i])) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> out(p.size(), kUndefined);
  double least = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    least = std::max(least, std::min(1.0, double(order.size() - i) * p[order[i]]));
    out[order[i]] = least;
  }
  return out;
}

MedianRatio median_ratio(const std::vector<double>& a, const std::vector<double>& b, int resamples, uint64_t seed) {
  if (a.size() != b.size()) fail("median ratio: ", a.size(), " clips against ", b.size());
  std::vector<double> x, y;
  for (size_t i = 0; i < a.size(); ++i)
    if (std::isfinite(a[i]) && std::isfinite(b[i])) x.push_back(a[i]), y.push_back(b[i]);
  if (x.size() < 2) return {kUndefined, kUndefined, kUndefined};
  Random random(seed, x.size());
  std::vector<double> ratios, drawn_x(x.size()), drawn_y(x.size());
  for (int r = 0; r < resamples; ++r) {
    for (size_t i = 0; i < x.size(); ++i) {
      const auto at = random.below(x.size());
      drawn_x[i] = x[at], drawn_y[i] = y[at];
    }
    ratios.push_back(median(drawn_y) / median(drawn_x));
  }
  std::sort(ratios.begin(), ratios.end());
  return {median(y) / median(x), quantile(ratios, 0.025), quantile(ratios, 0.975)};
}

namespace {

// Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method.
double incomplete_beta(double a, double b, double x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(b, a, 1 - x);
  constexpr double kTiny = 1e-300;
  double fraction = 1, c = 1, d = 0;
  for (int i = 0; i <= 400; ++i) {
    const int m = i / 2;
    const double numerator = i == 0       ? 1
                             : i % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                                          : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + numerator * d, d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    c = 1 + numerator / c, c = std::abs(c) < kTiny ? kTiny : c;
    fraction *= c * d;
    if (std::abs(1 - c * d) < 1e-13) break;
  }
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) +
                                b * std::log1p(-x)) / a;
  return front * (fraction - 1);
}

}  // namespace

Anova anova(const std::vector<std::vector<double>>& groups) {
  std::vector<std::vector<double>> kept;
  std::vector<double> all;
  for (const auto& group : groups) {
    std::vector<double> values;
    for (const double v : group)
      if (std::isfinite(v)) values.push_back(v), all.push_back(v);
    if (!values.empty()) kept.push_back(values);
  }
  const double between = double(kept.size()) - 1, within = double(all.size()) - double(kept.size());
  if (between < 1 || within < 1) return {kUndefined, kUndefined};
  const double centre = mean(all);
  double explained = 0, rest = 0;
  for (const auto& group : kept) {
    const double own = mean(group);
    explained += double(group.size()) * (own - centre) * (own - centre);
    for (const double v : group) rest += (v - own) * (v - own);
  }
  const double f = (explained / between) / (rest / within);
  return {f, incomplete_beta(within / 2, between / 2, within / (within + between * f))};
}

std::vector<int> derangement(int items, uint64_t seed) {
  if (items < 2) fail("exchanging controls needs at least two clips, found ", items);
  std::vector<int> out(items);
  std::iota(out.begin(), out.end(), 0);
  Random random(seed, items);
  for (int i = items - 1; i > 0; --i) std::swap(out[i], out[random.below(i)]);
  return out;
}

}  // namespace nr
