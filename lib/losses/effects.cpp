#include "losses/effects.h"

#include <torch/torch.h>

#include "nn/effects.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

torch::Tensor odds(const LossInput& in, const torch::Tensor& latent) {
  return part<LatentCritic>(in.parts, "critic").forward(latent);
}

}  // namespace

torch::Tensor shift_outside(const LossInput& in) {
  const auto &shift = in.values["shift"], &asked = in.values["shift.asked"];
  return shift.narrow(1, asked.size(1), shift.size(1) - asked.size(1)).square().mean();
}

torch::Tensor shift_within(const LossInput& in) {
  const auto& asked = in.values["shift.asked"];
  return F::mse_loss(in.values["shift"].narrow(1, 0, asked.size(1)), asked);
}

torch::Tensor moved_mse(const LossInput& in) { return F::mse_loss(in.values["moved.mel"], in.values["wet.mel"]); }

torch::Tensor total_correlation(const LossInput& in) { return odds(in, in.values["latent"].squeeze(2)).mean(); }

torch::Tensor total_correlation_critic(const LossInput& in) {
  const auto latent = in.values["latent"].detach().squeeze(2);
  return (F::softplus(-odds(in, latent)).mean() + F::softplus(odds(in, shuffle_dimensions(latent))).mean()) / 2;
}

}  // namespace nr
