#include "nn/spectrogram.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/names.h"
#include "dsp/mel.h"
#include "nn/batch_norm.h"
#include "nn/griffin_lim.h"
#include "nn/transposed_convolution.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

namespace nn = torch::nn;

struct Layer {
  int64_t in, out, dilation, padding;
  bool last;
};

Layer layer_of(const SynthesizerConfig& c, int l) {
  const auto dilation = int64_t(std::lround(std::pow(c.dilation, l)));
  return {l ? c.channels : 1, l + 1 < c.layers ? c.channels : 1, dilation, 3 * (dilation + 1), l + 1 == c.layers};
}

int64_t size_behind(int64_t size, const Layer& layer, int64_t kernel) {
  return (size + 2 * layer.padding - layer.dilation * (kernel - 1) - 1) / 2 + 1;
}

std::pair<int64_t, int64_t> smallest(const SynthesizerConfig& c) {
  std::pair<int64_t, int64_t> size{c.mels, c.frames};
  for (int l = 0; l < c.layers; ++l) {
    const Layer layer = layer_of(c, l);
    size = {size_behind(size.first, layer, c.kernel), size_behind(size.second, layer, c.kernel)};
  }
  return size;
}

void add_activation(nn::Sequential& to, const std::string& activation) {
  if (activation == "elu") to->push_back(nn::ELU());
  else if (activation == "relu") to->push_back(nn::ReLU());
}

}  // namespace

DenseOptions dense_options(const RegressorConfig& c) {
  return {c.dropout, contains(c.legacy, "linear_dense") ? "" : c.activation};
}

int64_t add_dense_layers(nn::Sequential& to, int64_t in, const std::vector<int>& widths, const DenseOptions& options) {
  for (const int64_t out : widths) {
    to->push_back(nn::Linear(in, out));
    to->push_back(BatchNorm(out));
    add_activation(to, options.activation);
    to->push_back(nn::Dropout(options.dropout));
    in = out;
  }
  return in;
}

MelBands::MelBands(const SpectrogramConfig& c, int sample_rate)
    : window_(c.window),
      step_(c.step),
      filters_(torch::tensor(mel_filters(sample_rate, c.window, c.mels, c.low, std::min(c.high, sample_rate / 2.0)))
                   .reshape({c.mels, c.window / 2 + 1})) {}

torch::Tensor MelBands::magnitudes(const torch::Tensor& audio) const {
  return torch::matmul(filters_.to(audio.device()), short_time_magnitudes(audio.squeeze(1), window_, step_));
}

torch::Tensor MelBands::powers(const torch::Tensor& audio) const {
  const auto magnitude = short_time_magnitudes(audio.squeeze(1), window_, step_);
  return torch::matmul(filters_.to(audio.device()), magnitude.square());
}

torch::Tensor MelBands::spectrum(const torch::Tensor& bands) const {
  return unfold_bands(filters_.to(bands.device()), bands);
}

NoteSpectrogram::NoteSpectrogram(const SpectrogramConfig& c, int sample_rate)
    : config_(c),
      bands_(c, sample_rate),
      mean_(register_buffer("mean", torch::zeros({1}))),
      deviation_(register_buffer("deviation", torch::ones({1}))) {}

torch::Tensor NoteSpectrogram::by_law(const torch::Tensor& audio) const {
  const int64_t samples = int64_t(config_.frames) * config_.step, given = audio.size(2);
  const auto whole = given < samples ? F::pad(audio, F::PadFuncOptions({0, samples - given}))
                                     : audio.narrow(2, 0, samples);
  if (config_.law == "power") return torch::log(bands_.powers(whole) + config_.floor);
  const auto mel = bands_.magnitudes(whole);
  if (config_.law == "log") return torch::log(mel.clamp_min(config_.floor));
  return torch::log1p(torch::where(mel < config_.floor, torch::zeros_like(mel), mel));
}

torch::Tensor NoteSpectrogram::forward(const torch::Tensor& audio) const {
  const auto all = by_law(audio);
  if (config_.law != "log1p") return (all - mean_) / deviation_;
  return all / (all.amax({1, 2}, true) / 2).clamp_min(1e-6) - 1;
}

void NoteSpectrogram::measure(const torch::Tensor& audio) {
  const torch::NoGradGuard no_grad;
  const auto all = by_law(audio);
  if (config_.law == "power") {
    mean_.fill_(all.mean()), deviation_.fill_(all.std().clamp_min(1e-6));
    return;
  }
  const double low = config_.law == "log" ? std::log(config_.floor) : 0;
  const double high = (low == 0 ? all.amax({1, 2}).mean() : all.max()).item<double>();
  mean_.fill_((high + low) / 2), deviation_.fill_(std::max(1e-6, (high - low) / 2));
}

torch::Tensor NoteSpectrogram::levels(const torch::Tensor& audio) const {
  return config_.law == "log1p" ? by_law(audio).amax({1, 2}, true) : torch::Tensor();
}

torch::Tensor NoteSpectrogram::linear(const torch::Tensor& normalised, const torch::Tensor& levels) const {
  const auto law = levels.defined() ? (normalised + 1) * (levels / 2) : normalised * deviation_ + mean_;
  if (config_.law == "log1p") return torch::expm1(law).clamp_min(0);
  if (config_.law == "log")
    return torch::where(law <= std::log(config_.floor), torch::zeros_like(law), torch::exp(law));
  return (torch::exp(law) - config_.floor).clamp_min(0);
}

torch::Tensor NoteSpectrogram::sound(const torch::Tensor& normalised, int rounds, bool fast) const {
  const auto spectrum = bands_.spectrum(linear(normalised));
  const auto magnitude = config_.law == "power" ? spectrum.sqrt() : spectrum;
  return griffin_lim(magnitude, config_.window, config_.step, rounds, fast).unsqueeze(1);
}

SpectrogramEncoder::SpectrogramEncoder(const SynthesizerConfig& c) : config_(c) {
  const bool convolves = c.encoder != "mlp";
  for (int l = 0; convolves && l < c.layers; ++l) {
    const Layer layer = layer_of(c, l);
    nn::Sequential block(nn::Conv2d(nn::Conv2dOptions(layer.in, layer.out, c.kernel)
                                        .stride(2)
                                        .dilation(layer.dilation)
                                        .padding(layer.padding)));
    if (!layer.last) {
      block->push_back(BatchNorm(layer.out));
      add_activation(block, c.activation);
      block->push_back(nn::Dropout2d(c.dropout));
      if (c.encoder == "resnet") {  // the padding that gives the same size
        const int64_t padding = layer.padding - layer.dilation * (c.kernel - 1) / 2;
        beside_.push_back(nn::Conv2d(nn::Conv2dOptions(layer.in, layer.out, 1).stride(2).padding(padding)));
        register_module(text("beside", l), beside_.back());
      }
    }
    layers_.push_back(register_module(text("layer", l), block));
  }
  const auto [bands, frames] = smallest(c);
  features_ = add_dense_layers(dense_, convolves ? bands * frames : int64_t(c.mels) * c.frames, c.widths,
                               dense_options(c));
  register_module("dense", dense_);
}

torch::Tensor SpectrogramEncoder::forward(const torch::Tensor& spectrogram) {
  auto x = spectrogram.unsqueeze(1);
  for (size_t l = 0; l < layers_.size(); ++l) {
    const auto y = layers_[l]->forward(x);
    x = l < beside_.size() ? y + beside_[l]->forward(x) : y;
  }
  const auto flat = x.flatten(1);
  return dense_->is_empty() ? flat : dense_->forward(flat);
}

NoteEncoder::NoteEncoder(const SynthesizerConfig& c, int sample_rate, int64_t latent_size, int64_t tags,
                         uint64_t seed)
    : spectrogram(register_module("spectrogram", std::make_shared<NoteSpectrogram>(c, sample_rate))),
      network(register_module("network", std::make_shared<SpectrogramEncoder>(c))) {
  if (latent_size == 0) return;
  mean = register_module("mean", nn::Linear(network->features(), latent_size));
  if (c.latent == "gaussian") scale = register_module("scale", nn::Linear(network->features(), latent_size));
  if (c.posterior.length > 0) posterior = register_module("posterior", make_flow(c.posterior, latent_size, seed));
  if (c.disentangling.length == 0) return;
  disentangling = register_module("disentangling", make_flow(c.disentangling, latent_size, seed + 2));
  tag_log_deviation = register_parameter("tag_log_deviation", torch::full({2, tags}, std::log(0.5)));
}

torch::Tensor NoteEncoder::tag_deviation() const { return tag_log_deviation.clamp(-2.3, 0).exp(); }

SpectrogramDecoder::SpectrogramDecoder(const SynthesizerConfig& c, int64_t latent_size)
    : config_(c), first_(smallest(c)) {
  const bool convolves = c.encoder != "mlp";
  const std::vector<int> widths(c.widths.rbegin(), c.widths.rend());
  const int64_t last = add_dense_layers(dense_, latent_size, widths, dense_options(c));
  dense_->push_back(nn::Linear(last, convolves ? first_.first * first_.second : int64_t(c.mels) * c.frames));
  for (int l = c.layers - 1; convolves && l >= 0; --l) {
    const Layer layer = layer_of(c, l);
    image_->push_back(TransposedConvolution2d(nn::ConvTranspose2dOptions(layer.out, layer.in, c.kernel)
                                                  .stride(2)
                                                  .dilation(layer.dilation)
                                                  .padding(layer.padding)
                                                  .output_padding(layer.padding % 2)));
    if (l == 0) break;
    image_->push_back(BatchNorm(layer.in));
    add_activation(image_, c.activation);
  }
  register_module("dense", dense_);
  register_module("image", image_);
}

torch::Tensor SpectrogramDecoder::forward(const torch::Tensor& latent) {
  const auto flat = dense_->forward(latent);
  if (image_->is_empty()) return flat.reshape({-1, config_.mels, config_.frames});
  const auto image = image_->forward(flat.reshape({-1, 1, first_.first, first_.second})).squeeze(1);
  return F::pad(image, F::PadFuncOptions({0, config_.frames - image.size(2), 0, config_.mels - image.size(1)}));
}

}  // namespace nr
