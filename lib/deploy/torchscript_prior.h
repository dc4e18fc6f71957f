// A prior (nn/prior.h) as a method of a TorchScript model: what nn~ calls `prior`.
#pragma once
#include "deploy/shipment.h"
#include "deploy/torchscript_source.h"

namespace nr {

// Adds the module "latent_prior", and to `model` the method
//   prior   temperature [batch, 1, frames] -> latent [batch, latents, frames]
// which draws latents frame by frame, given the controls as they are set: those are not drawn, so that decode() has the
// same ones. Temperature 0 gives the likeliest latent at every step; one that is no number, or negative, counts as 0,
// and more than 10 as 10. The first frame is complete: before it the prior runs through its diagonal shift.
// Each call draws new random numbers from LibTorch's generator.
void add_prior(const Shipment& shipment, ScriptWriter& writer, torch::jit::Module& model);

}  // namespace nr
