#include "evaluation/effect_latents.h"

#include <torch/torch.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "evaluation/disentanglement.h"
#include "evaluation/statistics.h"
#include "nn/floats.h"

namespace nr {
namespace {

constexpr size_t kNeighbours = 10, kFewestExamples = 8;
constexpr int kFactorClasses = 4;  // of a parameter
constexpr double kRidge = 1;  // of standardised inputs, an example's worth each

torch::Tensor standardised(const torch::Tensor& x, const torch::Tensor& by) {
  return (x - by.mean(0, true)) / by.std(0, false, true).clamp_min(1e-6);
}

// Weights [d + 1] that give y [n] of x [n, d]; the last is a constant.
torch::Tensor ridge(const torch::Tensor& x, const torch::Tensor& y) {
  const auto one = torch::ones({x.size(0), 1}, x.options()), all = torch::cat({x, one}, 1);
  auto penalty = kRidge * torch::eye(all.size(1), x.options());
  penalty[-1][-1] = 1e-6;
  return torch::linalg_solve(all.t().matmul(all) + penalty, all.t().matmul(y.unsqueeze(1))).squeeze(1);
}

// The effects, and each continuous parameter where it is known, by its quarters.
std::vector<Factor> factors_of(const ParameterSpace& space, const EffectPairs& pairs) {
  std::map<std::string, int> kinds;
  for (const std::string& kind : pairs.kinds) kinds.emplace(kind, int(kinds.size()));
  std::vector<Factor> out{{"effect", {}}};
  for (const std::string& kind : pairs.kinds) out[0].classes.push_back(kinds[kind]);
  for (int64_t c = 0; c < space.size(); ++c) {
    if (space.columns()[size_t(c)].kind != SynthParameter::Kind::kContinuous) continue;
    std::vector<double> values;
    for (int64_t i = 0; i < pairs.mask.size(0); ++i)
      values.push_back(pairs.mask[i][c].item<float>() > 0 ? double(pairs.parameters[i][c].item<float>())
                                                          : std::numeric_limits<double>::quiet_NaN());
    if (finite(values).size() >= kFewestExamples)
      out.push_back({space.columns()[size_t(c)].name, equal_counts(values, kFactorClasses)});
  }
  return out;
}

template <class T>
std::vector<T> without(const std::vector<T>& all, const std::vector<size_t>& clip, size_t left_out) {
  std::vector<T> out;
  for (size_t i = 0; i < all.size(); ++i)
    if (clip[i] != left_out) out.push_back(all[i]);
  return out;
}

// Metric and part -> number.
std::map<std::pair<std::string, std::string>, double> floats_of(const Disentanglement& d,
                                                                 const std::vector<Factor>& factors) {
  std::map<std::pair<std::string, std::string>, double> out{{{"effect_mig", ""}, d.mig},
                                                            {{"effect_dci", ""}, d.disentanglement},
                                                            {{"effect_dci", "completeness"}, d.completeness},
                                                            {{"effect_vote", ""}, d.vote},
                                                            {{"effect_information", ""}, mean(d.information)}};
  for (size_t f = 0; f < factors.size(); ++f) out[{"effect_information", factors[f].name}] = d.information[f];
  return out;
}

}  // namespace

void measure_neighbours(const EffectPairs& pairs, const torch::Tensor& latents, const uint64_t* shuffled, size_t at,
                        RunResult& result) {
  const size_t n = pairs.names.size();
  std::vector<std::string> kinds = pairs.kinds;
  if (shuffled) {
    Random random(*shuffled);
    for (size_t i = n; i > 1; --i) std::swap(kinds[i - 1], kinds[random.below(i)]);
  }
  const auto z = standardised(latents, latents).contiguous(), distance = torch::cdist(z, z);
  for (size_t i = 0; i < n; ++i) {
    const std::vector<float> row = floats_of(distance[int64_t(i)]);
    std::vector<size_t> others;
    for (size_t j = 0; j < n; ++j)
      if (pairs.clip[j] != pairs.clip[i]) others.push_back(j);
    const size_t k = std::min(kNeighbours, others.size());
    if (k == 0) continue;
    std::partial_sort(others.begin(), others.begin() + long(k), others.end(),
                      [&](size_t a, size_t b) { return row[a] < row[b]; });
    const auto same = std::count_if(others.begin(), others.begin() + long(k),
                                    [&](size_t j) { return kinds[j] == kinds[i]; });
    result.add(at + i, "effect_neighbours", pairs.part, "", double(same) / double(k));
  }
}

void measure_movement(const EffectPairs& pairs, const SeenPairs& seen, int64_t reserved, size_t at,
                      RunResult& result) {
  const auto moved = (seen.wet_latent - seen.dry_latent).to(torch::kDouble);
  const auto unit = moved / moved.norm(2, 1, true).clamp_min(1e-12), cosine = unit.matmul(unit.t()).contiguous();
  const double* const c = cosine.data_ptr<double>();
  const size_t n = pairs.names.size();
  for (size_t i = 0; i < n; ++i) {
    std::vector<double> same, other;
    for (size_t j = 0; j < n; ++j)
      if (pairs.clip[j] != pairs.clip[i]) (pairs.setting[j] == pairs.setting[i] ? same : other).push_back(c[i * n + j]);
    result.add(at + i, "effect_cosine", pairs.part, "", mean(same));
    if (pairs.part.empty()) {
      result.add(at + i, "effect_cosine", "other settings", "", mean(other));
      result.add(at + i, "effect_cosine", pairs.kinds[i], "", mean(same));
    }
  }
  if (!reserved) return;
  const int64_t size = moved.size(1);
  const auto outside = moved.narrow(1, reserved, size - reserved).square().sum(1) /
                       moved.square().sum(1).clamp_min(1e-12);
  for (size_t i = 0; i < n; ++i) {
    result.add(at + i, "effect_leakage", pairs.part, "", outside[int64_t(i)].item<double>());
    if (pairs.part.empty())
      result.add(at + i, "effect_leakage", "by chance", "", double(size - reserved) / double(size));
  }
}

void measure_notes_kept(const EffectPairs& pairs, const SeenPairs& seen, int64_t reserved, size_t at,
                        RunResult& result) {
  const int64_t from = reserved, size = seen.dry_latent.size(1) - from;
  std::vector<int64_t> firsts;  // a pair of each clip: its dry sound
  std::vector<size_t> clips;
  for (size_t i = 0; i < pairs.clip.size(); ++i)
    if (std::find(clips.begin(), clips.end(), pairs.clip[i]) == clips.end())
      firsts.push_back(int64_t(i)), clips.push_back(pairs.clip[i]);
  const auto dry = seen.dry_latent.index_select(0, torch::tensor(firsts, torch::kLong)).narrow(1, from, size);
  const auto nearest = torch::cdist(standardised(seen.wet_latent.narrow(1, from, size), dry).contiguous(),
                                    standardised(dry, dry).contiguous())
                           .argmin(1);
  for (size_t i = 0; i < pairs.clip.size(); ++i)
    result.add(at + i, "effect_note_kept", pairs.part, "", clips[size_t(nearest[int64_t(i)].item<int64_t>())] ==
                                                               pairs.clip[i]);
}

void measure_disentanglement(const ParameterSpace& space, const EffectPairs& many, const torch::Tensor& latents,
                             const uint64_t* shuffled, const EffectPairs& pairs, size_t at, RunResult& result) {
  std::vector<Factor> factors = factors_of(space, many);
  if (shuffled) {
    Random random(*shuffled);
    for (size_t i = many.names.size(); i > 1; --i) {
      const size_t other = random.below(i);
      for (Factor& f : factors) std::swap(f.classes[i - 1], f.classes[other]);
    }
  }
  std::vector<std::vector<double>> columns;
  const auto by_dimension = latents.t().to(torch::kDouble).contiguous();
  for (int64_t d = 0; d < by_dimension.size(0); ++d) {
    const double* const row = by_dimension[d].data_ptr<double>();
    columns.emplace_back(row, row + by_dimension.size(1));
  }
  const auto whole = floats_of(disentanglement(columns, factors, 1), factors);
  std::map<size_t, size_t> first;  // pair of each clip
  for (size_t i = pairs.clip.size(); i-- > 0;) first[pairs.clip[i]] = i;
  const auto n = double(first.size());
  for (const auto& [clip, pair] : first) {
    std::vector<std::vector<double>> fewer_columns;
    std::vector<Factor> fewer;
    for (const auto& column : columns) fewer_columns.push_back(without(column, many.clip, clip));
    for (const Factor& f : factors) fewer.push_back({f.name, without(f.classes, many.clip, clip)});
    const auto others = floats_of(disentanglement(fewer_columns, fewer, 1), fewer);
    for (const auto& [name, value] : whole)
      result.add(at + pair, name.first, name.second, "", n * value - (n - 1) * others.at(name));
  }
}

void measure_probes(const ParameterSpace& space, const EffectPairs& train, const SeenPairs& train_seen,
                    const EffectPairs& pairs, const SeenPairs& seen, size_t at, RunResult& result) {
  const auto train_positions = space.positions(train.parameters), positions = space.positions(pairs.parameters);
  for (const bool movement : {false, true}) {
    const auto latents = [&](const SeenPairs& p) { return movement ? p.wet_latent - p.dry_latent : p.wet_latent; };
    const auto all = latents(train_seen), test = latents(seen);
    std::vector<double> sum(pairs.names.size(), 0), count = sum;
    for (int64_t c = 0; c < space.size(); ++c) {
      if (space.columns()[size_t(c)].kind == SynthParameter::Kind::kChoice) continue;
      const auto has = train.mask.select(1, c).nonzero().squeeze(1);
      if (has.size(0) < int64_t(kFewestExamples)) continue;
      const auto x = all.index_select(0, has), y = train_positions.select(1, c).index_select(0, has);
      const auto weights = ridge(standardised(x, x).to(torch::kDouble), y.to(torch::kDouble));
      const auto in = standardised(test, x).to(torch::kDouble);
      const auto guess = torch::cat({in, torch::ones({in.size(0), 1}, in.options())}, 1).matmul(weights);
      const auto error = (guess - positions.select(1, c)).square();
      const double variance = y.var(false).item<double>();
      for (size_t i = 0; i < pairs.names.size(); ++i) {
        if (pairs.mask[int64_t(i)][c].item<float>() == 0 || variance < 1e-8) continue;
        const double r2 = 1 - error[int64_t(i)].item<double>() / variance;
        sum[i] += r2, count[i] += 1;
        if (pairs.part.empty())
          result.add(at + i, movement ? "effect_movement_r2" : "effect_probe_r2", space.columns()[size_t(c)].name, "",
                     r2);
      }
    }
    for (size_t i = 0; i < sum.size(); ++i)
      if (count[i] > 0)
        result.add(at + i, movement ? "effect_movement_r2" : "effect_probe_r2", pairs.part, "", sum[i] / count[i]);
  }
}

}  // namespace nr
