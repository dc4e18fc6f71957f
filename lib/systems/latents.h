// What the latent has learned so far, from a few training batches: its principal components, and which of its
// dimensions carry information.
#pragma once
#include <map>
#include <string>

#include "data/loader.h"
#include "nn/autoencoder.h"
#include "nn/latent_space.h"

namespace nr {

struct LatentSurvey {
  LatentSpace space;
  // For the journal: "latent/for_95" (components that hold 95 % of the variance) and, of a Gaussian latent,
  // "latent/nats" (KL to the prior, a frame), "latent/active" (units whose mean varies by more than 0.01: Burda et al.,
  // arXiv:1509.00519) and "latent/kl_<dimension>".
  std::map<std::string, double> numbers;
};

// The encoder in evaluation mode, `batches` of the loader's from the first on.
LatentSurvey survey_latents(Autoencoder& model, Loader& loader, int batches, torch::Device device);

}  // namespace nr
