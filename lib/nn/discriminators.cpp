#include "nn/discriminators.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "nn/autocast.h"
#include "nn/batch_norm.h"
#include "nn/convolution.h"

namespace nr {
namespace {

constexpr double kSlope = 0.2;  // of the latent discriminator's leaky rectifiers

void add_layer(torch::nn::Sequential& to, int in, int out, int kernel) {
  to->push_back(torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, kernel).padding(kernel / 2).bias(false)));
  to->push_back(BatchNorm(out));
  to->push_back(torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(kSlope)));
}

torch::Tensor pass(torch::nn::Sequential& through, torch::Tensor x, bool learns) {
  const Autocast autocast(x.device(), true);
  for (auto& module : *through) {
    const auto* norm = module.ptr()->as<BatchNorm>();
    if (norm) x = float32(x);
    x = norm && norm->is_training() && !learns
            ? batch_norm(x, norm->weight, norm->bias, {}, {}, true, 0, BatchNormImpl::kEpsilon)
            : module.forward(x);
  }
  return float32(x);
}

// Clip by clip, as DAC's discriminator.py preprocesses them.
torch::Tensor normalised(const torch::Tensor& audio) {
  const auto centred = audio - audio.mean(-1, true);
  return 0.8 * centred / (centred.abs().amax(-1, true) + 1e-9);
}

// [n, 1, samples], reflected at its end to a multiple of the period -> [n * period, 1, .]: HiFi-GAN's (k, 1) filters on
// an image of `period` columns never mix them, so the columns are as well a batch.
torch::Tensor every_nth(const torch::Tensor& audio, int64_t period) {
  const int64_t missing = (period - audio.size(-1) % period) % period;
  const auto whole = missing ? torch::reflection_pad1d(audio, {0, missing}) : audio;
  return whole.reshape({audio.size(0), -1, period}).transpose(1, 2).reshape({audio.size(0) * period, 1, -1});
}

// [n, 1, samples] -> centred Hann STFT, hop size / 4, over sqrt(size): [n, real and imaginary, frames, size / 2 + 1]
torch::Tensor spectrum(const torch::Tensor& audio, int64_t size) {
  const auto padded = torch::reflection_pad1d(audio, {size / 2, size / 2}).squeeze(1);
  const auto window = torch::hann_window(size, audio.options().requires_grad(false)) / std::sqrt(double(size));
  return torch::view_as_real(torch::fft_rfft(padded.unfold(-1, size, size / 4) * window)).permute({0, 3, 1, 2});
}

std::vector<torch::Tensor> bands(const torch::Tensor& spectrum, const std::vector<double>& cuts) {
  std::vector<torch::Tensor> out;
  int64_t from = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const int64_t to = i < cuts.size() ? int64_t(cuts[i] * spectrum.size(-1)) : spectrum.size(-1);
    out.push_back(spectrum.narrow(-1, from, to - from));
    from = to;
  }
  return out;
}

}  // namespace

LatentDiscriminator::LatentDiscriminator(const LatentDiscriminatorConfig& c, int latent_size, int controls,
                                         int classes) {
  int channels = latent_size;
  for (int i = 0; i < c.layers; ++i) add_layer(trunk_, channels, c.width, c.kernel), channels = c.width;
  add_layer(trunk_, channels, c.width / 2, c.kernel);
  register_module("trunk", trunk_);
  for (int i = 0; i < controls; ++i) {
    torch::nn::Sequential head;
    add_layer(head, c.width / 2, c.width / 4, c.kernel);
    head->push_back(
        torch::nn::Conv1d(torch::nn::Conv1dOptions(c.width / 4, classes, c.kernel).padding(c.kernel / 2).bias(false)));
    heads_.push_back(register_module(text("head", i), head));
  }
}

torch::Tensor LatentDiscriminator::forward(const torch::Tensor& latent, bool learns) {
  const auto shared = pass(trunk_, latent, learns);
  std::vector<torch::Tensor> logits;
  for (auto& head : heads_) logits.push_back(pass(head, shared, learns));
  return torch::stack(logits, 2);
}

WaveformDiscriminator::WaveformDiscriminator(const WaveformDiscriminatorConfig& c) : config_(c) {
  for (int i = 0; i < c.scales; ++i) scales_.push_back(make(text("scale", i), waveform_shapes(c, false), 1));
  for (const int period : c.periods) periods_.push_back(make(text("period", period), waveform_shapes(c, true), 1));
  for (const int size : c.stft_sizes)
    spectra_.push_back(make(text("stft", size), spectrum_shapes(c), c.stft_bands.size() + 1));
}

// The last shape is the score's.
std::vector<WaveformDiscriminator::Shape> WaveformDiscriminator::waveform_shapes(const WaveformDiscriminatorConfig& c,
                                                                                 bool period) {
  std::vector<Shape> shapes;
  int64_t channels = 1;
  const auto add = [&](int64_t out, int kernel, int stride, int64_t groups = 1) {
    shapes.push_back({channels, out, {kernel}, {stride}, {1}, groups});
    channels = out;
  };
  const int64_t capacity = period ? c.period_capacity : c.capacity;
  if (c.design == "rave_v2") {
    for (int i = 0; i < c.layers; ++i) add(capacity << i, period ? 5 : 15, 4);
    add(1, 1, 1);
  } else if (period) {
    for (int i = 0; i < c.layers; ++i) add(i ? std::min(4 * channels, 32 * capacity) : capacity, 5, 3);
    add(channels, 5, 1);
    add(1, 3, 1);
  } else {
    add(capacity, 15, 1);
    for (int i = 0; i < c.layers; ++i) add(std::min(4 * channels, 64 * capacity), 41, 4, channels / 4);
    add(channels, 5, 1);
    add(1, 1, 1);
  }
  return shapes;
}

// Over frames and bins. EnCodec's look further in time layer by layer; DAC's bands do not.
std::vector<WaveformDiscriminator::Shape> WaveformDiscriminator::spectrum_shapes(const WaveformDiscriminatorConfig& c) {
  const int64_t width = c.stft_capacity;
  std::vector<Shape> shapes{{2, width, {3, 9}, {1, 1}, {1, 1}}};
  for (int i = 0; i < 3; ++i) shapes.push_back({width, width, {3, 9}, {1, 2}, {c.stft_bands.empty() ? 1 << i : 1, 1}});
  shapes.push_back({width, width, {3, 3}, {1, 1}, {1, 1}});
  shapes.push_back({width, 1, {3, 3}, {1, 1}, {1, 1}});
  return shapes;
}

WaveformDiscriminator::SubDiscriminator WaveformDiscriminator::make(const std::string& name,
                                                                    const std::vector<Shape>& shapes, size_t stacks) {
  int count = 0;
  const auto layer = [&](const Shape& shape) {
    std::vector<int64_t> sizes{shape.out, shape.in / shape.groups}, filter;
    sizes.insert(sizes.end(), shape.kernel.begin(), shape.kernel.end());
    for (size_t i = 1; i < sizes.size(); ++i) filter.push_back(int64_t(i));
    const std::string here = text(name, "/", count++);
    auto direction = torch::empty(sizes);
    const double bound = 1 / std::sqrt(double(direction[0].numel()));
    Layer l;
    l.direction = register_parameter(here + "/weight", direction.uniform_(-bound, bound));
    l.gain = register_parameter(here + "/gain", l.direction.detach().norm(2, filter, true).clone());
    l.bias = register_parameter(here + "/bias", torch::empty({shape.out}).uniform_(-bound, bound));
    l.stride = shape.stride, l.dilation = shape.dilation, l.groups = shape.groups;
    return l;
  };
  SubDiscriminator sub;
  for (size_t i = 0; i < stacks; ++i) {
    sub.stacks.emplace_back();
    for (size_t j = 0; j + 1 < shapes.size(); ++j) sub.stacks.back().push_back(layer(shapes[j]));
  }
  sub.score = layer(shapes.back());
  return sub;
}

torch::Tensor WaveformDiscriminator::Layer::operator()(const torch::Tensor& x, double slope) const {
  const Autocast autocast(x.device(), true);
  std::vector<int64_t> padding;
  for (size_t i = 0; i < stride.size(); ++i) padding.push_back(dilation[i] * (direction.size(2 + int64_t(i)) / 2));
  if (stride.size() == 1)
    return convolve({direction, gain, bias, stride[0], dilation[0], groups, padding[0], padding[0], slope}, x);
  return torch::convolution(slope == 1 ? x : torch::leaky_relu(x, slope), torch::_weight_norm(direction, gain, 0), bias,
                            stride, padding, dilation, false, std::vector<int64_t>(stride.size(), 0), groups);
}

std::vector<torch::Tensor> WaveformDiscriminator::run(const SubDiscriminator& sub,
                                                      const std::vector<torch::Tensor>& bands) const {
  std::vector<torch::Tensor> outputs, ends;
  for (size_t i = 0; i < bands.size(); ++i) {
    torch::Tensor x = bands[i];
    for (const Layer& layer : sub.stacks[i]) {
      x = layer(x, &layer == &sub.stacks[i].front() ? 1 : config_.slope);
      outputs.push_back(float32(x));
    }
    ends.push_back(x);
  }
  outputs.push_back(float32(sub.score(torch::cat(ends, -1), config_.slope)));
  return outputs;
}

std::vector<std::vector<torch::Tensor>> WaveformDiscriminator::forward(const torch::Tensor& given) {
  std::vector<std::vector<torch::Tensor>> all;
  const torch::Tensor audio = config_.normalise ? normalised(given) : given;
  torch::Tensor averaged = audio;
  for (const SubDiscriminator& sub : scales_) {
    if (!all.empty()) averaged = torch::avg_pool1d(averaged, 2);
    all.push_back(run(sub, {averaged}));
  }
  for (size_t i = 0; i < periods_.size(); ++i) all.push_back(run(periods_[i], {every_nth(audio, config_.periods[i])}));
  for (size_t i = 0; i < spectra_.size(); ++i)
    all.push_back(run(spectra_[i], bands(spectrum(audio, config_.stft_sizes[i]), config_.stft_bands)));
  return all;
}

}  // namespace nr
