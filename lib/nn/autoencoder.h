// The torch side of a model: encoder and decoder graphs with the latent between them.
#pragma once
#include <memory>

#include "models/model.h"
#include "nn/graph_module.h"

namespace nr {

struct Posterior {
  torch::Tensor mean, std;  // [batch, latent_size, frames]; std undefined: the latent is the mean
};

class Autoencoder : public torch::nn::Module {
 public:
  Autoencoder(const ModelConfig& config, int controls);

  struct Encoded {
    torch::Tensor bands;  // [batch, bands, samples / bands]
    Posterior posterior;
  };
  Encoded encode(const torch::Tensor& audio);  // [batch, 1, samples]; samples a multiple of hop

  struct Decoded {
    torch::Tensor bands, audio;  // audio: [batch, 1, samples], lagging the encoder's input by `delay` samples
  };
  // controls: [batch, controls, frames] in [-1, 1]; undefined when the model has none.
  Decoded decode(const torch::Tensor& latent, const torch::Tensor& controls);

  // What decode() shapes in a model with a noise branch, in every phase: [batch, bands, band frames]. Anew by torch's seeded generator in
  // training; in evaluation what a stream draws after a reset, the same for every item. Undefined where the model takes none.
  torch::Tensor noise(const torch::Tensor& latent) const;

  // The filter bank's own reconstruction: what the decoder is compared with.
  torch::Tensor synthesise(const torch::Tensor& bands);

  const ModelGraphs& graphs() const { return graphs_; }
  const ModelConfig& config() const { return config_; }
  GraphModule& encoder() { return *encoder_; }
  GraphModule& decoder() { return *decoder_; }
  GraphModule& synthesis() { return *synthesis_; }

 private:
  ModelConfig config_;
  ModelGraphs graphs_;
  std::shared_ptr<GraphModule> encoder_, decoder_, synthesis_;
};

}  // namespace nr
