// Losses of synthesizer inference. What is not known, or cannot be heard in an example, does not count.
#pragma once
#include "losses/table.h"

namespace nr {

// Mean squared error of the continuous parameters' positions.
torch::Tensor parameter_mse(const LossInput& in);
// Minus the log-likelihood of integers' and choices' levels, nats.
torch::Tensor parameter_choices(const LossInput& in);
// Minus the log-likelihood of the continuous positions under N(inferred, deviation^2), nats a parameter.
torch::Tensor parameter_gaussian(const LossInput& in);
// KL of N(known, target deviation^2) to N(inferred, deviation^2), nats a parameter.
torch::Tensor parameter_kl(const LossInput& in);
// KL of the variational deviations, ln deviation, to N(0, 1), nats a parameter.
torch::Tensor deviation_kl(const LossInput& in);
// KL of the variational weights of the regression flow to N(0, 1), nats a weight.
torch::Tensor amortisation_kl(const LossInput& in);
// Minus the log-density of the inferred continuous positions under N(0, I), nats a dimension: the prior of the flow's
// posterior parameterisation, beside flow_volume.
torch::Tensor parameter_prior(const LossInput& in);
// Minus the regression flow's log-determinant, a dimension.
torch::Tensor flow_volume(const LossInput& in);
// KL of a latent behind a posterior flow to N(0, I), nats, one draw an example: ln q(z0) - log det - ln p(zK).
torch::Tensor flow_kl(const LossInput& in);
// Disentangling flow: minus the log-density behind it and minus its log-determinant, nats a dimension. Where a tag is
// known its dimension is N(tag, deviation^2) and counts ten times by itself; every other dimension is N(0, 1).
torch::Tensor tag_density(const LossInput& in);
// Mean squared error of the velocity (arXiv:2210.02747, eq. 14).
torch::Tensor flow_matching(const LossInput& in);
// Mean |share| of parameters in tokens: a parameter belongs to few (Hayes et al. 2025).
torch::Tensor token_sparsity(const LossInput& in);
// Mean squared error of all positions as they are inferred, integers and choices too.
torch::Tensor parameter_error(const LossInput& in);

}  // namespace nr
