// Requests for control training: a clip keeps its latent and gets the control curves of another clip of its batch.
#pragma once
#include <string>
#include <vector>

#include "base/random.h"
#include "data/loader.h"

namespace nr {

struct Exchange {
  torch::Tensor controls, active;  // what is asked for, and 1 where it counts: [m, controls, frames]
};

// Of the first half of the batch, m = ceil(n / 2) clips. All controls are exchanged in half of the steps, otherwise
// each with probability 1/2. A request counts where the clip that it comes from sounds, and where the clip that gives
// the level sounds. feasible: of the steps that exchange some controls, the share in which a donor is the clip nearest
// in the controls that are held. transpose: of the control `pitch`: each clip's curve is moved by a number in [-1, 1]
// of these, in units of the control.
struct ExchangeRules {
  double feasible = 0, transpose = 0;
};
Exchange exchange_controls(const Batch& batch, const std::vector<std::string>& controls, const ExchangeRules& rules,
                           Random& random);

}  // namespace nr
