// One forward a step, shared by all players.
#pragma once
#include "base/random.h"
#include "losses/input.h"

namespace nr {

struct ForwardPlan {
  bool frozen_encoder = false;  // evaluation mode, no gradients
  bool sample = true;           // latent drawn from the posterior; else its mean
  bool exchange = false;        // also decode half of the batch with another clip's controls
  double feasible = 0;          // TrainingConfig::feasible_exchanges
};

Outputs forward(Autoencoder& model, const Batch& batch, const ForwardPlan& plan, const std::vector<std::string>& controls, Random& random);

}  // namespace nr
