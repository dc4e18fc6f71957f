#include "losses/synthesizer.h"

#include <torch/torch.h>

#include <cmath>

#include "models/latent.h"
#include "nn/flows/flow.h"

namespace nr {
namespace {

torch::Tensor masked_mean(const torch::Tensor& x, const torch::Tensor& mask) {
  return (x * mask).sum() / mask.sum().clamp_min(1);
}

}  // namespace

torch::Tensor parameter_mse(const LossInput& in) {
  const auto error = in.values["inferred.continuous"] - in.values["parameters.continuous"];
  return masked_mean(error.square(), in.values["parameters.continuous_mask"]);
}

torch::Tensor parameter_choices(const LossInput& in) { return in.values["inferred.choice_nats"]; }

torch::Tensor parameter_gaussian(const LossInput& in) {
  const auto& deviation = in.values["inferred.deviation"];
  const auto nats = -GaussianLatent::log_density(in.values["parameters.continuous"], in.values["inferred.continuous"],
                                                 deviation);
  return masked_mean(nats, in.values["parameters.continuous_mask"]);
}

torch::Tensor flow_volume(const LossInput& in) {
  return -in.values["inferred.log_det"].mean() / double(in.values["inferred.continuous"].size(1));
}

torch::Tensor flow_kl(const LossInput& in) {
  const auto density = GaussianLatent::log_density(in.values["latent.base"], in.values["posterior.mean"],
                                                   in.values["posterior.std"]);
  const auto prior = log_unit_normal(in.values["latent"].squeeze(2));
  return (density.sum({1, 2}) - in.values["latent.log_det"] - prior).mean();
}

torch::Tensor flow_matching(const LossInput& in) {
  return masked_mean((in.values["velocity.given"] - in.values["velocity.wanted"]).square(),
                     in.values["velocity.mask"]);
}

torch::Tensor parameter_error(const LossInput& in) {
  return masked_mean((in.values["inferred.positions"] - in.values["parameters.positions"]).square(),
                     in.values["batch.parameter_mask"]);
}

}  // namespace nr
