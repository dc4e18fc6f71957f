#include "systems/exchange.h"

#include <torch/torch.h>

namespace nr {
namespace {

// Of each of the first clips: the other clip whose curves lie nearest in the controls that are held. swap: [clips,
// controls, 1].
torch::Tensor nearest_donors(const torch::Tensor& curves, const torch::Tensor& swap) {
  const int64_t m = swap.size(0), n = curves.size(0);
  const auto apart = (curves.narrow(0, 0, m).unsqueeze(1) - curves.unsqueeze(0)).abs().mean(-1);  // [m, n, controls]
  const auto held = (apart * swap.logical_not().to(apart.scalar_type()).transpose(1, 2)).sum(-1);
  return (held + 1e9 * torch::eye(n, held.options()).narrow(0, 0, m)).argmin(1);
}

}  // namespace

Exchange exchange_controls(const Batch& batch, const std::vector<std::string>& controls, const ExchangeRules& rules,
                           Random& random) {
  const int64_t n = batch.audio.size(0), m = (n + 1) / 2;
  const int64_t shift = n > 1 ? 1 + random.below(n - 1) : 0;
  const bool all = random.uniform() < 0.5;
  auto swap = torch::empty({m, int64_t(controls.size()), 1}, torch::kBool);
  bool* swapped = swap.data_ptr<bool>();
  for (int64_t i = 0; i < swap.numel(); ++i) swapped[i] = all || random.uniform() < 0.5;
  swap = swap.to(batch.audio.device());
  auto donors = torch::remainder(torch::arange(m, swap.options().dtype(torch::kLong)) + shift, n);
  if (rules.feasible > 0 && n > 1 && !all && random.uniform() < rules.feasible)
    donors = nearest_donors(batch.controls, swap);
  const auto take = [&](const torch::Tensor& t) { return t.index_select(0, donors); };
  Exchange out;
  out.controls = torch::where(swap, take(batch.controls), batch.controls.narrow(0, 0, m));
  for (size_t k = 0; rules.transpose > 0 && k < controls.size(); ++k)
    for (int64_t i = 0; controls[k] == "pitch" && i < m; ++i)
      out.controls[i][k].add_(rules.transpose * (2 * random.uniform() - 1)).clamp_(-1, 1);
  const auto own = batch.active.narrow(0, 0, m).unsqueeze(1), other = take(batch.active).unsqueeze(1);
  out.active = torch::where(swap, other, own);
  auto level = own;
  for (size_t k = 0; k < controls.size(); ++k)
    if (controls[k] == "rms") level = out.active.narrow(1, k, 1);
  out.active = out.active * level;
  return out;
}

}  // namespace nr
