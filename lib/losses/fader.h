// Removing the controls from the latent (Fader Networks, arXiv:1706.00409; F-RAVE, arXiv:2302.13542): the loss of the latent
// discriminator, and three losses of the encoder against it. A config uses one of the three. All are in nats a control and frame.
#pragma once
#include <torch/types.h>

#include "losses/table.h"

namespace nr {

// Cross-entropy of the discriminator's guesses. Trains the discriminator alone.
torch::Tensor fader_discriminator(const LossInput& in);

// -CE, bounded at -ln(classes): at chance there is nothing left to remove, and without a bound the loss would fall for ever.
torch::Tensor fader_confusion(const LossInput& in);

// Cross-entropy between the uniform distribution and the guesses. It is least, ln(classes), where all classes are equally likely. It does
// not reward a guess that is surely wrong, which tells as much as a guess that is right.
torch::Tensor fader_uniform(const LossInput& in);

// One cross-entropy that trains the discriminator and whose gradient reaches the encoder reversed (DANN, arXiv:1505.07818). Its weight is
// DANN's lambda for the encoder. The discriminator's steps do not depend on it, because Adam's steps do not depend on a gradient's scale.
torch::Tensor fader_reversal(const LossInput& in);

}  // namespace nr
