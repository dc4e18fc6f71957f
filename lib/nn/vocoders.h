// The networks of a vocoder: mel magnitudes [n, mels, frames] -> sound [n, 1, frames * step].
#pragma once
#include <torch/torch.h>

#include <memory>
#include <vector>

#include "models/vocoder.h"

namespace nr {

// The part `decoder`. What it reads is ln(magnitude or floor), scaled to about [-1, 1].
class Vocoder : public torch::nn::Module {
 public:
  explicit Vocoder(const VocoderConfig& config) : config_(config) {}
  torch::Tensor forward(const torch::Tensor& magnitudes);
  const VocoderConfig& config() const { return config_; }

 protected:
  virtual torch::Tensor sound(const torch::Tensor& input) = 0;  // -> [n, samples]
  VocoderConfig config_;
};

// Heads in parallel, each of transposed convolutions of stride 2 with ELU between them, times a learned number, summed;
// then a x / (1 + |b x|) with learned a and b. The step must be a power of 2.
class Mcnn : public Vocoder {
 public:
  explicit Mcnn(const VocoderConfig& config);

 private:
  torch::Tensor sound(const torch::Tensor& input) override;
  std::vector<torch::nn::Sequential> heads_;
  torch::Tensor gains_, a_, b_;
};

// ConvNeXt blocks at the frame rate, which give magnitudes and phases of an STFT of the config's window and step. Of
// vocos_steps phases are sums of steps from frame to frame, which are counted from a sine's in the middle of its bin.
class Vocos : public Vocoder {
 public:
  explicit Vocos(const VocoderConfig& config);

 private:
  struct Block {
    torch::nn::Conv1d along{nullptr};  // each channel by itself
    torch::nn::LayerNorm norm{nullptr};
    torch::nn::Linear wide{nullptr}, narrow{nullptr};
    torch::Tensor scale;
  };
  torch::Tensor sound(const torch::Tensor& input) override;
  torch::nn::Conv1d first_{nullptr};
  torch::nn::LayerNorm first_norm_{nullptr}, last_norm_{nullptr};
  std::vector<Block> blocks_;
  torch::nn::Linear last_{nullptr};
};

std::shared_ptr<Vocoder> make_vocoder(const VocoderConfig& config);

}  // namespace nr
