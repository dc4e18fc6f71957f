#include "evaluation/disentanglement.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/random.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr int kBins = 10;          // of a dimension
constexpr size_t kGroups = 400;    // of the vote: half of them decide what a dimension votes for
constexpr size_t kGroupSounds = 8;

using Counts = std::map<std::pair<int, int>, double>;

Counts joint_counts(const std::vector<int>& a, const std::vector<int>& b) {
  Counts out;
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] >= 0 && b[i] >= 0) ++out[{a[i], b[i]}];
  return out;
}

double entropy_of(const std::vector<double>& shares) {
  double out = 0;
  for (const double p : shares)
    if (p > 0) out -= p * std::log(p);
  return out;
}

std::vector<double> normalised(std::vector<double> x) {
  const double sum = std::accumulate(x.begin(), x.end(), 0.0);
  for (double& v : x) v = sum > 0 ? v / sum : 0;
  return x;
}

// 1 - entropy of the shares, on the scale of so many equal ones; its weight is their sum.
double concentration(const std::vector<double>& x) {
  return x.size() < 2 ? 1 : 1 - entropy_of(normalised(x)) / std::log(double(x.size()));
}

double weighted_concentration(const std::vector<std::vector<double>>& rows) {
  double sum = 0, weight = 0;
  for (const std::vector<double>& row : rows) {
    const double all = std::accumulate(row.begin(), row.end(), 0.0);
    sum += all * concentration(row), weight += all;
  }
  return weight > 0 ? sum / weight : 0;
}

double majority_vote(const std::vector<std::vector<double>>& latents, const std::vector<Factor>& factors,
                     uint64_t seed) {
  std::vector<double> spread;
  for (const auto& z : latents) spread.push_back(deviation(z));
  struct Group {
    size_t factor;
    std::vector<size_t> sounds;  // of one class
  };
  std::vector<std::vector<Group>> pools(factors.size());  // of each factor: its classes of sounds enough
  for (size_t f = 0; f < factors.size(); ++f) {
    std::map<int, std::vector<size_t>> of;
    for (size_t i = 0; i < factors[f].classes.size(); ++i)
      if (factors[f].classes[i] >= 0) of[factors[f].classes[i]].push_back(i);
    for (auto& [value, sounds] : of)
      if (sounds.size() >= kGroupSounds) pools[f].push_back({f, std::move(sounds)});
  }
  pools.erase(std::remove_if(pools.begin(), pools.end(), [](const auto& pool) { return pool.empty(); }), pools.end());
  if (pools.empty()) return 0;
  std::map<std::pair<size_t, size_t>, double> votes;  // dimension, factor
  std::vector<std::pair<size_t, size_t>> asked;
  Random random(seed);
  for (size_t g = 0; g < kGroups; ++g) {
    const auto& pool = pools[random.below(pools.size())];
    const Group& group = pool[random.below(pool.size())];
    std::vector<size_t> chosen;
    for (size_t i = 0; i < kGroupSounds; ++i) chosen.push_back(group.sounds[random.below(group.sounds.size())]);
    size_t least = 0;
    double smallest = INFINITY;
    for (size_t d = 0; d < latents.size(); ++d) {
      if (spread[d] <= 0) continue;
      std::vector<double> values;
      for (const size_t i : chosen) values.push_back(latents[d][i] / spread[d]);
      const double s = deviation(values);
      if (s < smallest) smallest = s, least = d;
    }
    if (g % 2) asked.push_back({least, group.factor});
    else ++votes[{least, group.factor}];
  }
  double right = 0;
  for (const auto& [dimension, factor] : asked) {
    size_t best = factors.size();
    double most = 0;
    for (const auto& [key, count] : votes)
      if (key.first == dimension && count > most) most = count, best = key.second;
    right += best == factor;
  }
  return right / double(asked.size());
}

}  // namespace

std::vector<int> equal_counts(const std::vector<double>& values, int classes) {
  const std::vector<double> rank = ranks(finite(values));
  std::vector<int> out;
  size_t at = 0;
  for (const double v : values)
    out.push_back(std::isfinite(v) ? int((rank[at++] - 0.5) * classes / double(rank.size())) : -1);
  return out;
}

double entropy(const std::vector<int>& classes) {
  std::map<int, double> counts;
  for (const int c : classes)
    if (c >= 0) ++counts[c];
  std::vector<double> shares;
  for (const auto& [c, count] : counts) shares.push_back(count);
  return entropy_of(normalised(shares));
}

double mutual_information(const std::vector<int>& a, const std::vector<int>& b) {
  const Counts joint = joint_counts(a, b);
  std::map<int, double> of_a, of_b;
  double n = 0;
  for (const auto& [key, count] : joint) of_a[key.first] += count, of_b[key.second] += count, n += count;
  double out = 0;
  for (const auto& [key, count] : joint)
    out += count / n * std::log(count * n / (of_a[key.first] * of_b[key.second]));
  return n > 0 ? std::max(0.0, out - double((of_a.size() - 1) * (of_b.size() - 1)) / (2 * n)) : 0;
}

Disentanglement disentanglement(const std::vector<std::vector<double>>& latents, const std::vector<Factor>& factors,
                                uint64_t seed) {
  std::vector<std::vector<int>> binned;
  for (const auto& z : latents) binned.push_back(equal_counts(z, kBins));
  Disentanglement out;
  std::vector<std::vector<double>> by_factor, by_dimension(latents.size());
  std::vector<Factor> counted;
  for (const Factor& f : factors) {
    const double all = entropy(f.classes);
    std::vector<double> row;
    for (const auto& z : binned) row.push_back(all > 0 ? mutual_information(z, f.classes) / all : 0);
    std::vector<double> sorted = row;
    std::sort(sorted.rbegin(), sorted.rend());
    out.information.push_back(sorted.empty() ? 0 : sorted[0]);
    if (all <= 0 || sorted.size() < 2) continue;
    out.mig += sorted[0] - sorted[1];
    for (size_t d = 0; d < row.size(); ++d) by_dimension[d].push_back(row[d]);
    by_factor.push_back(std::move(row)), counted.push_back(f);
  }
  if (by_factor.empty()) return out;
  out.mig /= double(by_factor.size());
  out.disentanglement = weighted_concentration(by_dimension);
  out.completeness = weighted_concentration(by_factor);
  out.vote = majority_vote(latents, counted, seed);
  return out;
}

}  // namespace nr
