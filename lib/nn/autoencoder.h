// The torch side of a model: encoder and decoder with the latent between them.
#pragma once
#include <memory>

#include "models/model.h"
#include "nn/latent.h"
#include "nn/network.h"

namespace nr {

class Autoencoder : public torch::nn::Module {
 public:
  Autoencoder(const AutoencoderConfig& config, const ControlInputs& controls);

  struct Encoded {
    torch::Tensor bands;  // [batch, bands, samples / bands]; a mel_vae's spectrogram, [batch, mels, samples / step]
    Posterior posterior;
  };
  Encoded encode(const torch::Tensor& audio);  // [batch, 1, samples]; samples a multiple of hop

  struct Decoded {
    // audio: [batch, 1, samples], `delay` samples behind the encoder's input; a mel_vae's is undefined.
    torch::Tensor bands, audio;
  };
  // controls: [batch, controls, frames] in [-1, 1]; undefined when the model has none.
  Decoded decode(const torch::Tensor& latent, const torch::Tensor& controls);
  // Its sound, for a listener: without gradients, and a mel_vae's too.
  torch::Tensor play(const torch::Tensor& latent, const torch::Tensor& controls);

  // What decode() shapes in a model with a noise branch, in every phase: [batch, bands, band frames]. Anew by torch's
  // seeded generator in training; in evaluation what a stream draws after a reset, the same for every item. Undefined
  // where the model takes none.
  torch::Tensor noise(const torch::Tensor& latent) const;

  // Sound of bands: the filter bank's own reconstruction, with which a decoder is compared, or Griffin-Lim's of a
  // spectrogram.
  torch::Tensor synthesise(const torch::Tensor& bands);

  const ModelGraphs& graphs() const { return graphs_; }
  const AutoencoderConfig& config() const { return config_; }
  Network& encoder() { return *encoder_; }
  Network& decoder() { return *decoder_; }

 private:
  AutoencoderConfig config_;
  ModelGraphs graphs_;
  std::shared_ptr<Network> encoder_, decoder_, synthesis_;
};

}  // namespace nr
