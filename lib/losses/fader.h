// Driving the controls out of the latent (Fader Networks, arXiv:1706.00409; F-RAVE, arXiv:2302.13542): what the latent discriminator
// learns, and three ways for the encoder to answer it. A config picks one. Every term is in nats a control and frame.
#pragma once
#include <torch/types.h>

#include "losses/input.h"

namespace nr {

// Cross-entropy of the discriminator's guesses on the latents as they are: teaches the discriminator alone.
torch::Tensor attribute_prediction(const LossInput& in);

// -CE, bounded at -ln(classes): past chance there is nothing left to hide, and unbounded it would run away.
torch::Tensor fader_confusion(const LossInput& in);

// Cross-entropy between the uniform distribution and the guesses: least, ln(classes), where every class is as likely. Unlike -CE it
// is bounded of itself and does not reward a guess that is surely wrong, which tells as much as one that is right.
torch::Tensor fader_uniform(const LossInput& in);

// One cross-entropy whose gradient teaches the discriminator and reaches the encoder reversed (DANN, arXiv:1505.07818): for a player
// that trains both. The weight is DANN's lambda: Adam's steps do not depend on a gradient's scale, so the discriminator's do not either.
torch::Tensor fader_reversal(const LossInput& in);

}  // namespace nr
