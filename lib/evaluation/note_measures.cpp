#include "evaluation/note_measures.h"

#include <torch/torch.h>

#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr double kRange = 1e-4;  // 80 dB below the maximum

std::vector<double> listed(const torch::Tensor& values) {
  const auto found = values.to(torch::kCPU, torch::kDouble).contiguous();
  return {found.data_ptr<double>(), found.data_ptr<double>() + found.numel()};
}

// hits, asked and found count the notes of each class.
double macro_f1(const std::vector<double>& hits, const std::vector<double>& asked, const std::vector<double>& found) {
  double sum = 0, classes = 0;
  for (size_t c = 0; c < hits.size(); ++c) {
    if (asked[c] + found[c] == 0) continue;
    sum += 2 * hits[c] / (asked[c] + found[c]);
    ++classes;
  }
  return classes ? sum / classes : 0;
}

}  // namespace

std::vector<double> log_spectral_distances(const torch::Tensor& target, const torch::Tensor& made) {
  const auto floor = (kRange * target.amax({1, 2}, true)).clamp_min(1e-9);
  const auto decibels = [&](const torch::Tensor& x) { return 20 * torch::log10(torch::maximum(x, floor)); };
  return listed((decibels(target) - decibels(made)).square().mean(1).sqrt().mean(1));
}

std::vector<double> spectral_convergences(const torch::Tensor& target, const torch::Tensor& made) {
  const auto norm = [](const torch::Tensor& x) { return x.square().sum({1, 2}).sqrt(); };
  return listed(norm(target - made) / norm(target).clamp_min(1e-12));
}

std::vector<double> root_mean_squares(const torch::Tensor& target, const torch::Tensor& made) {
  return listed((target - made).square().mean({1, 2}).sqrt());
}

std::vector<double> macro_f1_values(const std::vector<std::set<int64_t>>& asked,
                                    const std::vector<std::set<int64_t>>& found, int64_t classes) {
  std::vector<double> hits(size_t(classes), 0), of_asked = hits, of_found = hits;
  const auto count = [&](size_t i, double by) {
    for (const int64_t c : asked[i]) of_asked[size_t(c)] += by, hits[size_t(c)] += found[i].count(c) ? by : 0;
    for (const int64_t c : found[i]) of_found[size_t(c)] += by;
  };
  for (size_t i = 0; i < asked.size(); ++i) count(i, 1);
  const double whole = macro_f1(hits, of_asked, of_found), n = double(asked.size());
  std::vector<double> out;
  for (size_t i = 0; i < asked.size(); ++i) {
    count(i, -1);
    out.push_back(n * whole - (n - 1) * macro_f1(hits, of_asked, of_found));
    count(i, 1);
  }
  const double shift = whole - mean(out);
  for (double& value : out) value += shift;
  return out;
}

std::vector<double> macro_f1_values(const std::vector<int64_t>& asked, const std::vector<int64_t>& found,
                                    int64_t classes) {
  const auto sets = [](const std::vector<int64_t>& each) {
    std::vector<std::set<int64_t>> out;
    for (const int64_t c : each) out.push_back({c});
    return out;
  };
  return macro_f1_values(sets(asked), sets(found), classes);
}

}  // namespace nr
