// Leakage: how much of the controls can be read from the latent. A fader removes it. A decoder that obeys its controls
// must learn to ignore it.
#pragma once
#include <torch/types.h>

#include "data/dataset.h"
#include "evaluation/observe.h"

namespace nr {

// Five new networks with two hidden layers of 64 that predict each control's position from the posterior's mean, frame
// by frame, and five that predict its class. They differ in their first weights. Trained on the training split's
// sounding frames, at most 20000 of them.
class Probe {
 public:
  Probe(const TrainedModel& trained, const Dataset& dataset, uint64_t seed);
  // R^2 of each control over a clip's sounding frames, the five's mean: 1 - mean squared error / the control's variance
  // in training.
  // 1: the latent determines the control. 0 and less: no better than a constant. NaN without such frames, or for a
  // control that never moves. `latent`: latent_of(a clip); `measured`: of the same clip.
  std::vector<double> r2(const torch::Tensor& latent, const Measured& measured) const;
  // Of each control: in how many of a clip's sounding frames its class is found, the five's mean. The classes of a
  // control are kClasses ranges that hold equal shares of the training frames.
  static constexpr int kClasses = 16;
  std::vector<double> accuracy(const torch::Tensor& latent, const Measured& measured) const;
  // The same, the mean over the controls, of who always says the class most frequent in training.
  double chance(const torch::Tensor& latent, const Measured& measured) const;

 private:
  struct Frames {
    torch::Tensor latent, positions;  // of sounding frames: [frames, latent_size], [frames, controls]
  };
  Frames frames_of(const torch::Tensor& latent, const Measured& measured) const;
  // [frames, latent_size] -> [networks, frames, controls, or controls * classes]
  torch::Tensor predict(const torch::Tensor& latent, const std::vector<torch::Tensor>& weights) const;
  template <class Loss>  // loss(predicted, rows)
  std::vector<torch::Tensor> trained_on(const torch::Tensor& x, int64_t outputs, int64_t batch, const Loss& loss) const;
  torch::Tensor classes_of(const torch::Tensor& positions) const;  // [frames, controls]

  torch::Tensor mean_, deviation_;  // of the latents, [latent_size]
  torch::Tensor variance_;          // of the positions, [controls]
  std::vector<Scale> scales_;
  torch::Tensor edges_;     // between the classes, [controls, kClasses - 1]
  torch::Tensor frequent_;  // the class most frequent in training, [controls]
  std::vector<torch::Tensor> weights_, class_weights_;
};

}  // namespace nr
