#include "nn/mel_vae.h"

#include <cmath>

#include "base/error.h"
#include "dsp/mel.h"
#include "nn/batch_norm.h"
#include "nn/griffin_lim.h"

namespace nr {
namespace {

namespace nn = torch::nn;

constexpr double kSlope = 0.01;  // of leaky rectifiers, as published

torch::Tensor filters_of(const MelVaeConfig& c) {
  return torch::tensor(mel_filters(c.sample_rate, c.window, c.mels)).reshape({c.mels, c.window / 2 + 1});
}

const torch::Tensor& given(const Wires& inputs, const char* name, int64_t channels) {
  const auto found = inputs.find(name);
  if (found == inputs.end() || !found->second.defined()) fail("mel_vae: '", name, "' was not given");
  if (found->second.dim() != 3 || found->second.size(1) != channels)
    fail("mel_vae: '", name, "' has ", channels, " channels, not the ",
         found->second.dim() == 3 ? found->second.size(1) : -1, " given");
  return found->second;
}

// [n, channels, blocks * frames] <-> [n * blocks, 1, channels, frames]
torch::Tensor into_blocks(const torch::Tensor& x, int64_t frames) {
  return x.reshape({x.size(0), x.size(1), -1, frames}).transpose(1, 2).reshape({-1, 1, x.size(1), frames});
}
torch::Tensor out_of_blocks(const torch::Tensor& x, int64_t n) {
  return x.reshape({n, -1, x.size(2), x.size(3)}).transpose(1, 2).reshape({n, x.size(2), -1});
}

// [n, channels, blocks] <-> [n * blocks, channels]
torch::Tensor into_rows(const torch::Tensor& x) { return x.transpose(1, 2).reshape({-1, x.size(1)}); }
torch::Tensor out_of_rows(const torch::Tensor& x, int64_t n) { return x.reshape({n, -1, x.size(1)}).transpose(1, 2); }

int64_t add_dense(nn::Sequential& to, int64_t in, const std::vector<int>& widths, double slope, double dropout) {
  for (const int64_t out : widths) {
    to->push_back(nn::Linear(in, out));
    to->push_back(BatchNorm(out));
    to->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(slope)));
    to->push_back(nn::Dropout(dropout));
    in = out;
  }
  return in;
}

}  // namespace

MelEncoder::MelEncoder(const MelVaeConfig& c) : config_(c), filters_(filters_of(c)) {
  for (int i = 0; i < c.layers; ++i) {
    const bool last = i + 1 == c.layers;
    image_->push_back(
        nn::Conv2d(nn::Conv2dOptions(i ? c.channels : 1, last ? 1 : c.channels, c.kernel).padding(c.kernel / 2)));
    if (last) break;
    image_->push_back(BatchNorm(c.channels));
    image_->push_back(nn::ReLU());
    image_->push_back(nn::Dropout2d(c.dropout));
  }
  const int64_t width = add_dense(dense_, int64_t(c.mels) * c.frames, c.encoder_widths, kSlope, c.dropout);
  register_module("image", image_);
  register_module("dense", dense_);
  mean_ = register_module("mean", nn::Linear(width, c.latent_size));
  if (statistics(c.latent) == 2) scale_ = register_module("scale", nn::Linear(width, c.latent_size));
}

Wires MelEncoder::run(const Wires& inputs) {
  const torch::Tensor& audio = given(inputs, "audio", 1);
  const int64_t n = audio.size(0);
  if (audio.size(2) % hop(config_))
    fail("mel_vae: ", audio.size(2), " samples were given, expected a multiple of ", hop(config_));
  const auto power = short_time_magnitudes(audio.squeeze(1), config_.window, config_.step).square();
  const auto mel = torch::matmul(filters_.to(audio.device()), power);
  const auto bands = torch::log10(mel + config_.floor) - std::log10(config_.floor) - 1;
  const auto image = image_->forward(into_blocks(bands, config_.frames));
  const auto last = torch::tanh(dense_->forward(image.flatten(1)));
  auto mean = out_of_rows(mean_->forward(last), n);
  mean = std::visit([&](const auto& kind) { return kind.constrain(mean); }, config_.latent);
  Wires out{{"bands", bands}, {"mean", mean}};
  if (scale_) out["scale"] = out_of_rows(scale_->forward(last), n);
  return out;
}

MelDecoder::MelDecoder(const MelVaeConfig& c, int controls) : config_(c), controls_(controls) {
  std::vector<int> widths = c.decoder_widths;
  widths.push_back(c.mels * c.frames);
  add_dense(dense_, c.latent_size + controls, widths, 0, c.dropout);
  for (int i = 0; i < c.layers; ++i) {
    const bool last = i + 1 == c.layers;
    image_->push_back(nn::ConvTranspose2d(
        nn::ConvTranspose2dOptions(i ? c.channels : 1, last ? 1 : c.channels, c.kernel).padding(c.kernel / 2)));
    if (last) break;
    image_->push_back(BatchNorm(c.channels));
    image_->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(kSlope)));
    image_->push_back(nn::Dropout(c.dropout));
  }
  image_->push_back(nn::ELU());  // not below -1, which is silence
  register_module("dense", dense_);
  register_module("image", image_);
}

Wires MelDecoder::run(const Wires& inputs) {
  const torch::Tensor& latent = given(inputs, "latent", config_.latent_size);
  auto rows = into_rows(latent);
  if (controls_) rows = torch::cat({rows, into_rows(given(inputs, "controls", controls_))}, 1);
  const auto image = image_->forward(dense_->forward(rows).reshape({rows.size(0), 1, config_.mels, config_.frames}));
  return {{"bands", out_of_blocks(image, latent.size(0))}};
}

MelSynthesis::MelSynthesis(const MelVaeConfig& c) : config_(c), filters_(filters_of(c)) {}

Wires MelSynthesis::run(const Wires& inputs) {
  const torch::Tensor& bands = given(inputs, "bands", config_.mels);
  const auto mel = (torch::pow(10, bands + std::log10(config_.floor) + 1) - config_.floor).clamp_min(0);
  const auto magnitude = unfold_bands(filters_.to(bands.device()), mel).sqrt();
  return {{"audio", griffin_lim(magnitude, config_.window, config_.step, config_.griffin_lim).unsqueeze(1)}};
}

}  // namespace nr
