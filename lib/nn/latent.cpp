#include "nn/latent.h"

#include <torch/torch.h>

#include "nn/ranks.h"

namespace nr {

Posterior posterior(const LatentConfig& latent, const torch::Tensor& mean, const torch::Tensor& scale) {
  return std::visit(
      [&](const auto& kind) -> Posterior {
        if constexpr (std::decay_t<decltype(kind)>::kStatistics == 2)
          return {mean, kind.deviation(scale)};
        else
          return {mean, {}};
      },
      latent);
}

torch::Tensor sample(const LatentConfig& latent, const Posterior& p) {
  return std::visit(
      [&](const auto& kind) -> torch::Tensor {
        if constexpr (std::decay_t<decltype(kind)>::kStatistics == 2)
          return kind.sample(p.mean, p.std, normal_like(p.mean));
        else
          return p.mean;
      },
      latent);
}

torch::Tensor twice_kl(const Posterior& p) {
  const auto variance = p.std.pow(2);
  return p.mean.pow(2) + variance - torch::log(variance) - 1;
}

}  // namespace nr
