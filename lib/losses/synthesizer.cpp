#include "losses/synthesizer.h"

#include <torch/torch.h>

#include <cmath>

#include "models/latent.h"
#include "nn/flows/flow.h"
#include "nn/ranks.h"

namespace nr {
namespace {

torch::Tensor masked_mean(const torch::Tensor& x, const torch::Tensor& mask) {
  return (x * mask).sum() / mean_over_ranks(mask.sum()).clamp_min(1);
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

torch::Tensor parameter_kl(const LossInput& in) {
  const auto &wide = in.values["inferred.deviation"], &narrow = in.values["inferred.target_deviation"];
  const auto apart = in.values["inferred.continuous"] - in.values["parameters.continuous"];
  const auto nats = torch::log(wide / narrow) + (narrow.square() + apart.square()) / (2 * wide.square()) - 0.5;
  return masked_mean(nats, in.values["parameters.continuous_mask"]);
}

torch::Tensor deviation_kl(const LossInput& in) { return in.values["inferred.deviation_kl"]; }

torch::Tensor amortisation_kl(const LossInput& in) { return in.values["inferred.amortisation_kl"]; }

torch::Tensor parameter_prior(const LossInput& in) {
  const auto& inferred = in.values["inferred.continuous"];
  return -log_unit_normal(inferred).mean() / double(inferred.size(1));
}

torch::Tensor flow_volume(const LossInput& in) {
  return -in.values["inferred.log_det"].mean() / double(in.values["inferred.continuous"].size(1));
}

torch::Tensor flow_kl(const LossInput& in) {
  const auto density = GaussianLatent::log_density(in.values["latent.base"], in.values["posterior.mean"],
                                                   in.values["posterior.std"]);
  const auto prior = log_unit_normal(in.values["latent.encoded"].squeeze(2));
  return (density.sum({1, 2}) - in.values["latent.log_det"] - prior).mean();
}

// The published code sums the tagged rows of a batch and takes the mean of the others; here each is a mean over its
// rows. Its deviations are drawn from a variational posterior, here they are parameters between 0.1 and 1.
torch::Tensor tag_density(const LossInput& in) {
  constexpr double kTagged = 10;
  const auto latent = in.values["latent"].squeeze(2);
  const auto &tags = in.values["batch.tags"], &deviations = in.values["disentangled.deviation"];
  const auto tagged = latent.narrow(1, 0, tags.size(1));
  const auto known = (tags != 0).to(latent.dtype());
  const auto deviation = torch::where(tags > 0, deviations[1].unsqueeze(0), deviations[0].unsqueeze(0));
  const auto ones = torch::ones_like(latent);
  const auto of_tags = GaussianLatent::log_density(tagged, tags, deviation),
             plain = GaussianLatent::log_density(latent, torch::zeros_like(latent), ones);
  const auto rest = plain.sum(1) - (plain.narrow(1, 0, tags.size(1)) * known).sum(1);
  const auto volume = in.values["disentangled.log_det"].mean() / double(latent.size(1));
  return -(kTagged * masked_mean(of_tags, known) + rest.mean() / double(latent.size(1)) + volume);
}

torch::Tensor flow_matching(const LossInput& in) {
  return masked_mean((in.values["velocity.given"] - in.values["velocity.wanted"]).square(),
                     in.values["velocity.mask"]);
}

torch::Tensor token_sparsity(const LossInput& in) { return in.values["velocity.assignment"].abs().mean(); }

torch::Tensor parameter_error(const LossInput& in) {
  return masked_mean((in.values["inferred.positions"] - in.values["parameters.positions"]).square(),
                     in.values["batch.parameter_mask"]);
}

}  // namespace nr
