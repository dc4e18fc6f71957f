#include "nn/vocoders.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "nn/griffin_lim.h"

namespace nr {
namespace {

namespace nn = torch::nn;

constexpr int kAlong = 7;             // frames that a block of vocos sees

int doublings(int step) {
  int out = 0;
  while ((1 << out) < step) ++out;
  if ((1 << out) != step) fail("model.step: ", step, " must be a power of 2 for mcnn");
  return out;
}

}  // namespace

torch::Tensor Vocoder::forward(const torch::Tensor& magnitudes) {
  const double low = std::log(config_.floor);
  return sound(torch::log(magnitudes.clamp_min(config_.floor)) * (-2 / low) + 1).unsqueeze(1);
}

Mcnn::Mcnn(const VocoderConfig& c) : Vocoder(c) {
  const int layers = doublings(c.step);
  for (int h = 0; h < c.heads; ++h) {
    nn::Sequential head;
    int64_t in = c.mels;
    for (int l = 0; l < layers; ++l) {
      const int64_t out = l + 1 == layers ? 1 : std::max<int64_t>(1, int64_t(c.channels) >> l);
      nn::ConvTranspose1d layer(
          nn::ConvTranspose1dOptions(in, out, c.kernel).stride(2).padding(c.kernel / 2).output_padding(1));
      nn::init::xavier_normal_(layer->weight);
      head->push_back(layer);
      if (l + 1 < layers) head->push_back(nn::ELU());
      in = out;
    }
    heads_.push_back(register_module(text("head", h), head));
  }
  gains_ = register_parameter("gains", torch::full({c.heads}, 1.0 / c.heads));
  a_ = register_parameter("a", torch::ones({1}));
  b_ = register_parameter("b", torch::full({1}, 2.0));
}

torch::Tensor Mcnn::sound(const torch::Tensor& input) {
  torch::Tensor sum;
  for (size_t h = 0; h < heads_.size(); ++h) {
    const auto one = gains_[int64_t(h)] * heads_[h]->forward(input).squeeze(1);
    sum = h ? sum + one : one;
  }
  return a_ * sum / (1 + (b_ * sum).abs());
}

Vocos::Vocos(const VocoderConfig& c) : Vocoder(c) {
  const auto norm = [&] { return nn::LayerNorm(nn::LayerNormOptions({c.width}).eps(1e-6)); };
  first_ = register_module("first", nn::Conv1d(nn::Conv1dOptions(c.mels, c.width, kAlong).padding(kAlong / 2)));
  first_norm_ = register_module("first_norm", norm());
  for (int i = 0; i < c.blocks; ++i) {
    const std::string at = text("block", i, "_");
    Block block;
    block.along = register_module(
        at + "along", nn::Conv1d(nn::Conv1dOptions(c.width, c.width, kAlong).padding(kAlong / 2).groups(c.width)));
    block.norm = register_module(at + "norm", norm());
    block.wide = register_module(at + "wide", nn::Linear(c.width, 3 * c.width));
    block.narrow = register_module(at + "narrow", nn::Linear(3 * c.width, c.width));
    block.scale = register_parameter(at + "scale", torch::full({c.width}, 1.0 / c.blocks));
    blocks_.push_back(block);
  }
  last_norm_ = register_module("last_norm", norm());
  last_ = register_module("last", nn::Linear(c.width, c.window + 2));
}

torch::Tensor Vocos::sound(const torch::Tensor& input) {
  const auto normed = [](nn::LayerNorm& norm, const torch::Tensor& x) {  // over channels: [n, frames, width]
    return norm->forward(x.transpose(1, 2));
  };
  auto x = normed(first_norm_, first_->forward(input)).transpose(1, 2);
  for (Block& block : blocks_) {
    const auto inside = torch::gelu(block.wide->forward(normed(block.norm, block.along->forward(x))));
    x = x + (block.narrow->forward(inside) * block.scale).transpose(1, 2);
  }
  const auto out = last_->forward(normed(last_norm_, x)).transpose(1, 2);
  const int64_t bins = config_.window / 2 + 1;
  // At most a sine's at full scale; the published code says 100, of a window of 1024.
  const auto magnitude = torch::exp(out.narrow(1, 0, bins).clamp_max(std::log(config_.window / 4.0)));
  auto phase = out.narrow(1, bins, bins);
  if (config_.network == "vocos_steps") {
    const auto turns = torch::arange(bins, out.options()) * (double(config_.step) / config_.window);
    phase = (phase + 2 * M_PI * (turns - turns.floor()).unsqueeze(1)).cumsum(2);
  }
  return signal_of(torch::complex(magnitude * torch::cos(phase), magnitude * torch::sin(phase)), config_.window,
                   config_.step);
}

std::shared_ptr<Vocoder> make_vocoder(const VocoderConfig& config) {
  if (config.network == "mcnn") return std::make_shared<Mcnn>(config);
  return std::make_shared<Vocos>(config);
}

}  // namespace nr
