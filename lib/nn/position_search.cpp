#include "nn/position_search.h"

#include <torch/torch.h>

#include <algorithm>

#include "synth/cma_es.h"

namespace nr {
namespace {

constexpr double kDeviation = 0.1;  // of the first generation, in positions

}  // namespace

torch::Tensor search_positions(const ParameterSpace& space, const torch::Tensor& start, int renders, uint64_t seed,
                               const PositionCosts& costs) {
  std::vector<int64_t> free;
  std::vector<double> from;
  for (int64_t i = 0; i < space.size(); ++i) {
    if (space.columns()[size_t(i)].kind == SynthParameter::Kind::kChoice) continue;
    free.push_back(i);
    from.push_back(std::clamp(start[i].item<double>(), 0.0, 1.0));
  }
  const auto with = [&](const std::vector<std::vector<double>>& found) {
    auto out = start.unsqueeze(0).repeat({int64_t(found.size()), 1});
    for (size_t n = 0; n < found.size(); ++n)
      for (size_t i = 0; i < free.size(); ++i) out[int64_t(n)][free[i]] = found[n][i];
    return out;
  };
  const Found best = search_box(from, kDeviation, renders, seed,
                                [&](const std::vector<std::vector<double>>& found) { return costs(with(found)); });
  return with({best.x})[0];
}

}  // namespace nr
