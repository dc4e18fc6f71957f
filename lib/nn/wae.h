// The networks between a note's spectrogram and its latent.
#pragma once
#include <torch/torch.h>

#include <memory>
#include <utility>
#include <vector>

#include "models/wae.h"
#include "nn/conditioning.h"
#include "nn/spectrogram.h"

namespace nr {

// [n, mels, frames] -> [n, features()]: convolutions of stride 2 with batch norms, `channels` in the first and twice as
// many in each next one.
class StridedConvolutions : public torch::nn::Module {
 public:
  StridedConvolutions(int64_t mels, int64_t frames, int channels, int kernel, int layers);
  torch::Tensor forward(const torch::Tensor& spectrogram);
  int64_t features() const { return last_ * size_.first * size_.second; }
  int64_t last_channels() const { return last_; }
  std::pair<int64_t, int64_t> size() const { return size_; }  // bands and frames that are left

 private:
  torch::nn::Sequential image_;
  std::pair<int64_t, int64_t> size_;
  int64_t last_ = 1;
};

// The part `encoder`. It is given no condition.
struct WaeEncoder : public torch::nn::Module {
  WaeEncoder(const NoteNetworksConfig& config, int sample_rate);
  torch::Tensor features(const torch::Tensor& spectrogram);  // what `mean` and `scale` read

  std::shared_ptr<NoteSpectrogram> spectrogram;
  std::shared_ptr<StridedConvolutions> convolutions;
  torch::nn::Sequential dense;
  torch::nn::Linear mean{nullptr}, scale{nullptr};  // scale: of a gaussian latent
};

// The part `decoder`: latent [n, latent_size] and condition [n, classes], undefined without conditions -> spectrogram
// [n, mels, frames], in [-1, 1] unless the law is `power`. Dense layers, each with a batch norm and FiLM behind it; the
// image three times as large before each convolution, and at its whole size before the last two, as transposed
// convolutions leave a grid; each convolution but the last with a conditional norm, because it would fix the mean of
// the spectrogram. Where the config leaves out the one or the other, batch norms scale and shift.
class WaeDecoder : public torch::nn::Module {
 public:
  WaeDecoder(const NoteNetworksConfig& config, int64_t classes);
  torch::Tensor forward(const torch::Tensor& latent, const torch::Tensor& condition);

 private:
  struct Stage {
    torch::nn::AnyModule layer;
    std::shared_ptr<DenseFilm> film;
    std::shared_ptr<ConditionalNorm> norm;
    torch::nn::AnyModule batch_norm;  // where `norm` is not
    std::vector<int64_t> size;        // to which the image grows before the layer; empty: as it is
  };
  NoteNetworksConfig config_;
  int64_t classes_;
  torch::nn::Sequential embedding_;
  std::vector<Stage> dense_, image_;
  torch::nn::Conv2d last_{nullptr};
  int64_t first_channels_;
  std::pair<int64_t, int64_t> first_;  // bands, frames
};

}  // namespace nr
