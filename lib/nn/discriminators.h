// Networks that judge: the latent discriminator (does z still tell the control?) and the waveform discriminator (real or decoded?).
#pragma once
#include <torch/torch.h>

#include <vector>

#include "models/discriminators.h"

namespace nr {

class LatentDiscriminator : public torch::nn::Module {
 public:
  LatentDiscriminator(const LatentDiscriminatorConfig& config, int latent_size, int controls, int classes);
  // latent: [batch, latent_size, frames] -> logits [batch, classes, controls, frames]. In training both passes normalise by the
  // batch, so that encoder and discriminator see the same guesses; the running statistics follow only those it learns from.
  torch::Tensor forward(const torch::Tensor& latent, bool learns);

 private:
  torch::nn::Sequential trunk_;
  std::vector<torch::nn::Sequential> heads_;
};

class WaveformDiscriminator : public torch::nn::Module {
 public:
  explicit WaveformDiscriminator(const WaveformDiscriminatorConfig& config);
  // audio: [batch, 1, samples] -> per scale, every layer's output [batch, channels, frames]; the last is the score, one channel.
  std::vector<std::vector<torch::Tensor>> forward(torch::Tensor audio);

 private:
  struct Layer {
    torch::Tensor direction, gain, bias;  // weight norm: the filter is gain * direction / |direction|
    int stride, groups;
  };
  std::vector<std::vector<Layer>> scales_;
};

}  // namespace nr
