// Losses of an effects space: how the latent moves from a dry sound to its wet version.
#pragma once
#include "losses/table.h"

namespace nr {

// Mean squared movement outside the reserved dimensions, and distance of that within them to the map's.
torch::Tensor shift_outside(const LossInput& in);
torch::Tensor shift_within(const LossInput& in);

// Mean squared error of the wet spectrogram decoded from the dry sound's latent, moved by the map.
torch::Tensor moved_mse(const LossInput& in);

// FactorVAE (arXiv:1802.05983). The encoder's: mean log-odds that latents are of the posterior and not of the product
// of its marginals, an estimate of their total correlation in nats. The critic's: cross-entropy of telling them apart.
torch::Tensor total_correlation(const LossInput& in);
torch::Tensor total_correlation_critic(const LossInput& in);

}  // namespace nr
