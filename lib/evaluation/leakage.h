// What the latent still tells of the controls: what a fader is to remove, and what a decoder that obeys its knobs must learn to ignore.
#pragma once
#include <torch/types.h>

#include "data/dataset.h"
#include "evaluation/observe.h"

namespace nr {

// A fresh network, two layers of 64, that reads every knob from the posterior's mean, frame by frame; trained on the training split's sounding
// frames, at most 20000 of them.
class Probe {
 public:
  Probe(const TrainedModel& trained, const Dataset& dataset, uint64_t seed);
  // A control each: 1 - mean squared error / the knob's variance, over the clip's sounding frames. 1: all is told; 0 and less: nothing that a
  // constant guess would not. NaN without such frames, or for a knob that never moves.
  std::vector<double> told(const torch::Tensor& latent, const Measured& measured) const;  // of latent_of(a clip) and its own curves

 private:
  struct Frames {
    torch::Tensor latent, knobs;  // [frames, latent_size], [frames, controls]; sounding ones
  };
  Frames frames_of(const torch::Tensor& latent, const Measured& measured) const;
  torch::Tensor guess(const torch::Tensor& latent) const;  // [frames, latent_size] -> [frames, controls]
  torch::Tensor mean_, deviation_, variance_;              // of the latents; of the knobs [controls]
  std::vector<Scale> scales_;
  std::vector<torch::Tensor> weights_;
};

}  // namespace nr
