// The spectrogram of a whole note, and the networks between it and a vector.
#pragma once
#include <torch/torch.h>

#include <utility>

#include "models/synthesizer.h"
#include "nn/flows/flow.h"

namespace nr {

// Audio [n, 1, samples] -> mel bands [n, mels, samples / step] of magnitudes, or of powers; back to a spectrum by least
// squares.
class MelBands {
 public:
  MelBands(const SpectrogramConfig& config, int sample_rate);
  torch::Tensor magnitudes(const torch::Tensor& audio) const;
  torch::Tensor powers(const torch::Tensor& audio) const;
  torch::Tensor spectrum(const torch::Tensor& bands) const;  // [n, window / 2 + 1, frames]

 private:
  int window_, step_;
  torch::Tensor filters_;  // [mels, window / 2 + 1]
};

// Audio [n, 1, samples] -> [n, mels, frames]: mel bands by the config's law, normalised. Behind the sound lies silence.
class NoteSpectrogram : public torch::nn::Module {
 public:
  NoteSpectrogram(const SpectrogramConfig& config, int sample_rate);
  torch::Tensor forward(const torch::Tensor& audio) const;
  // That by which it normalises, of all bands and frames of this audio.
  void measure(const torch::Tensor& audio);
  // Powers or magnitudes [n, mels, frames] of normalised bands. Of log1p, whose notes have no level: at the mean level
  // of what was measured, or at the levels [n, 1, 1] of sounds.
  torch::Tensor linear(const torch::Tensor& normalised, const torch::Tensor& levels = {}) const;
  torch::Tensor levels(const torch::Tensor& audio) const;  // undefined unless the law is log1p
  // Sound [n, 1, frames * step] of the same by Griffin-Lim. fast: with momentum.
  torch::Tensor sound(const torch::Tensor& normalised, int rounds, bool fast = true) const;
  const SpectrogramConfig& config() const { return config_; }

 private:
  torch::Tensor by_law(const torch::Tensor& audio) const;
  SpectrogramConfig config_;
  MelBands bands_;
  torch::Tensor mean_, deviation_;
};

// [n, mels, frames] -> [n, features()]. Convolution l: dilation config.dilation^l, stride 2, padding 3 (dilation + 1);
// the last gives one channel without norm and rectifier. Dense layers behind them. Of a resnet each convolution but the
// last has a 1x1 convolution beside it. Flow synthesizer's baselines and encoder.
class SpectrogramEncoder : public torch::nn::Module {
 public:
  explicit SpectrogramEncoder(const SynthesizerConfig& config);
  torch::Tensor forward(const torch::Tensor& spectrogram);
  int64_t features() const { return features_; }

 private:
  SynthesizerConfig config_;
  std::vector<torch::nn::Sequential> layers_;
  std::vector<torch::nn::Conv2d> beside_;
  torch::nn::Sequential dense_;
  int64_t features_ = 0;
};

// A spectrogram, its encoder, and the latent's statistics where there is one: the part `encoder`.
struct NoteEncoder : public torch::nn::Module {
  // latent_size 0: no latent. tags: opposites that a disentangling flow's first dimensions carry. seed: of the flows'
  // permutations.
  NoteEncoder(const SynthesizerConfig& config, int sample_rate, int64_t latent_size, int64_t tags, uint64_t seed);
  // Of the first dimensions behind the disentangling flow, where a tag is -1 and where it is 1: [2, tags].
  torch::Tensor tag_deviation() const;

  std::shared_ptr<NoteSpectrogram> spectrogram;
  std::shared_ptr<SpectrogramEncoder> network;
  torch::nn::Linear mean{nullptr}, scale{nullptr};  // of the latent; scale: of a Gaussian one
  std::shared_ptr<FlowChain> posterior, disentangling;  // null where their length is 0
  torch::Tensor tag_log_deviation;                      // undefined without a disentangling flow
};

// [n, latent_size] -> [n, mels, frames]: the encoder's layers in the other direction, cut or padded to the shape.
class SpectrogramDecoder : public torch::nn::Module {
 public:
  SpectrogramDecoder(const SynthesizerConfig& config, int64_t latent_size);
  torch::Tensor forward(const torch::Tensor& latent);

 private:
  SynthesizerConfig config_;
  torch::nn::Sequential dense_, image_;
  std::pair<int64_t, int64_t> first_;  // bands, frames of the smallest image
};

struct DenseOptions {
  double dropout = 0;
  std::string activation = "relu";  // relu, elu; empty: none
};
DenseOptions dense_options(const RegressorConfig& config);

// Linear, BatchNorm, activation and dropout for each width; -> the last width.
int64_t add_dense_layers(torch::nn::Sequential& to, int64_t in, const std::vector<int>& widths,
                         const DenseOptions& options);

}  // namespace nr
