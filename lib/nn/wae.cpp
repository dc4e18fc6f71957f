#include "nn/wae.h"

#include <algorithm>

#include "base/error.h"
#include "nn/batch_norm.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

namespace nn = torch::nn;

constexpr double kSlope = 0.2;  // of leaky rectifiers

nn::LeakyReLU rectifier() { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(kSlope)); }

nn::Conv2d convolution(int64_t in, int64_t out, int kernel, int stride = 1) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2));
}

}  // namespace

StridedConvolutions::StridedConvolutions(int64_t mels, int64_t frames, int channels, int kernel, int layers)
    : size_(mels, frames) {
  for (int l = 0; l < layers; ++l) {
    const int64_t next = int64_t(channels) << l;
    image_->push_back(convolution(last_, next, kernel, 2));
    image_->push_back(BatchNorm(next));
    image_->push_back(rectifier());
    last_ = next, size_ = {(size_.first + 1) / 2, (size_.second + 1) / 2};
  }
  register_module("image", image_);
}

torch::Tensor StridedConvolutions::forward(const torch::Tensor& spectrogram) {
  return image_->forward(spectrogram.unsqueeze(1)).flatten(1);
}

WaeEncoder::WaeEncoder(const NoteNetworksConfig& c, int sample_rate)
    : spectrogram(register_module("spectrogram", std::make_shared<NoteSpectrogram>(c, sample_rate))),
      convolutions(register_module("convolutions", std::make_shared<StridedConvolutions>(c.mels, c.frames, c.channels,
                                                                                         c.kernel, c.layers))) {
  const int64_t width = add_dense_layers(dense, convolutions->features(), c.widths, {});
  register_module("dense", dense);
  mean = register_module("mean", nn::Linear(width, c.latent_size));
  if (c.latent == "gaussian") scale = register_module("scale", nn::Linear(width, c.latent_size));
}

torch::Tensor WaeEncoder::features(const torch::Tensor& seen) {
  const auto flat = convolutions->forward(seen);
  return dense->is_empty() ? flat : dense->forward(flat);
}

WaeDecoder::WaeDecoder(const NoteNetworksConfig& c, int64_t classes) : config_(c), classes_(classes) {
  int64_t condition = classes;
  for (const int width : classes ? c.condition_widths : std::vector<int>{}) {
    embedding_->push_back(nn::Linear(condition, width));
    embedding_->push_back(rectifier());
    condition = width;
  }
  register_module("embedding", embedding_);
  const StridedConvolutions mirrored(c.mels, c.frames, c.channels, c.kernel, c.layers);
  first_ = mirrored.size(), first_channels_ = mirrored.last_channels();

  std::vector<int64_t> widths(c.widths.rbegin(), c.widths.rend());
  widths.push_back(mirrored.features());
  int64_t in = c.latent_size;
  for (const int64_t out : widths) {
    const std::string at = text("dense", dense_.size());
    Stage stage;
    stage.layer = nn::AnyModule(register_module(at, nn::Linear(in, out)));
    const bool film = classes && c.film;
    stage.batch_norm =
        nn::AnyModule(register_module(at + "_norm", BatchNorm(out, !film)));
    if (film) stage.film = register_module(at + "_film", std::make_shared<DenseFilm>(condition, out));
    dense_.push_back(stage);
    in = out;
  }
  int64_t channels = first_channels_, bands = first_.first, frames = first_.second;
  for (size_t i = 0; i + 1 < c.decoder_kernels.size(); ++i) {
    const std::string at = text("image", i);
    const bool whole = i + 2 == c.decoder_kernels.size();  // its own size, few channels
    const int64_t out = whole ? std::max<int64_t>(4, channels / 8) : std::max<int64_t>(1, channels / 2);
    bands = whole ? c.mels : std::min<int64_t>(3 * bands, c.mels);
    frames = whole ? c.frames : std::min<int64_t>(3 * frames, c.frames);
    Stage stage;
    stage.size = {bands, frames};
    stage.layer = nn::AnyModule(register_module(at, convolution(channels, out, c.decoder_kernels[i])));
    if (classes && c.conditional_norm)
      stage.norm = register_module(at + "_norm", std::make_shared<ConditionalNorm>(condition, out));
    else stage.batch_norm = nn::AnyModule(register_module(at + "_norm", BatchNorm(out)));
    image_.push_back(stage);
    channels = out;
  }
  last_ = register_module("last", convolution(channels, 1, c.decoder_kernels.back()));
}

torch::Tensor WaeDecoder::forward(const torch::Tensor& latent, const torch::Tensor& condition) {
  const auto c = classes_ && !embedding_->is_empty() ? embedding_->forward(condition) : condition;
  const auto pass = [&](Stage& stage, const torch::Tensor& x) {
    auto h = stage.layer.forward(x);
    h = stage.norm ? stage.norm->forward(h, c) : stage.batch_norm.forward(h);
    if (stage.film) h = stage.film->forward(h, c);
    return F::leaky_relu(h, F::LeakyReLUFuncOptions().negative_slope(kSlope));
  };
  auto x = latent;
  for (Stage& stage : dense_) x = pass(stage, x);
  x = x.reshape({-1, first_channels_, first_.first, first_.second});
  for (Stage& stage : image_) {
    if (stage.size != std::vector<int64_t>{x.size(2), x.size(3)})
      x = F::interpolate(x, F::InterpolateFuncOptions().size(stage.size).mode(torch::kNearest));
    x = pass(stage, x);
  }
  const auto image = last_->forward(x).squeeze(1);
  return config_.law == "power" ? image : torch::tanh(image);
}

}  // namespace nr
