// The latent discriminator (which class does each control have, given z?) and the waveform discriminator (real or
// decoded?).
#pragma once
#include <torch/torch.h>

#include <vector>

#include "models/discriminators.h"

namespace nr {

class LatentDiscriminator : public torch::nn::Module {
 public:
  LatentDiscriminator(const LatentDiscriminatorConfig& config, int latent_size, int controls, int classes);
  // latent: [batch, latent_size, frames] -> logits [batch, classes, controls, frames]. In training both passes
  // normalise by the batch, so that encoder and discriminator see the same guesses; the running statistics follow only
  // those it learns from.
  torch::Tensor forward(const torch::Tensor& latent, bool learns);

 private:
  torch::nn::Sequential trunk_;
  std::vector<torch::nn::Sequential> heads_;
};

class WaveformDiscriminator : public torch::nn::Module {
 public:
  explicit WaveformDiscriminator(const WaveformDiscriminatorConfig& config);
  // audio: [batch, 1, samples] -> a list for each sub-discriminator (scales, periods, STFT sizes) of every layer's
  // output before its activation: of a scale [batch, channels, frames], of a period [batch * period, channels, frames],
  // of an STFT [batch, channels, frames, bins], band after band; the last is the score, one channel.
  std::vector<std::vector<torch::Tensor>> forward(const torch::Tensor& audio);
  const WaveformDiscriminatorConfig& config() const { return config_; }

 private:
  struct Layer {
    torch::Tensor direction, gain, bias;  // weight norm: the filter is gain * direction / |direction|
    std::vector<int64_t> stride, dilation;
    int64_t groups;
    torch::Tensor operator()(const torch::Tensor& x, double slope) const;  // slope: of a leaky ReLU before it
  };
  struct Shape {
    int64_t in, out;
    std::vector<int64_t> kernel, stride, dilation;
    int64_t groups = 1;
  };
  struct SubDiscriminator {
    std::vector<std::vector<Layer>> stacks;  // one a band, else one
    Layer score;                             // on the stacks' last outputs, side by side
  };
  static std::vector<Shape> waveform_shapes(const WaveformDiscriminatorConfig& config, bool period);
  static std::vector<Shape> spectrum_shapes(const WaveformDiscriminatorConfig& config);
  SubDiscriminator make(const std::string& name, const std::vector<Shape>& shapes, size_t stacks);
  std::vector<torch::Tensor> run(const SubDiscriminator& sub, const std::vector<torch::Tensor>& bands) const;

  WaveformDiscriminatorConfig config_;
  std::vector<SubDiscriminator> scales_, periods_, spectra_;
};

}  // namespace nr
