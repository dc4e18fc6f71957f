// The torch side of models/latent.h: what an encoder gives, as a distribution of the latent.
#pragma once
#include <torch/types.h>

#include "models/latent.h"

namespace nr {

struct Posterior {
  torch::Tensor mean, std;  // [batch, latent_size, frames]; std is undefined where the latent is deterministic
};

// scale is undefined where the kind has one statistic.
Posterior posterior(const LatentConfig& latent, const torch::Tensor& mean, const torch::Tensor& scale);
torch::Tensor sample(const LatentConfig& latent, const Posterior& posterior);

// 2 KL(q || N(0, 1)) in nats, of each number: mean^2 + std^2 - ln std^2 - 1.
torch::Tensor twice_kl(const Posterior& posterior);

}  // namespace nr
