#include "nn/discriminators.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {
namespace {

void add_layer(torch::nn::Sequential& to, int in, int out, int kernel) {
  to->push_back(torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, kernel).padding(kernel / 2).bias(false)));
  to->push_back(torch::nn::BatchNorm1d(out));
  to->push_back(torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)));
}

torch::Tensor pass(torch::nn::Sequential& through, torch::Tensor x, bool learns) {
  for (auto& module : *through) {
    const auto* norm = module.ptr()->as<torch::nn::BatchNorm1d>();
    x = norm && norm->is_training() && !learns ? torch::batch_norm(x, norm->weight, norm->bias, {}, {}, true, 0, norm->options.eps(), true)
                                               : module.forward(x);
  }
  return x;
}

}  // namespace

LatentDiscriminator::LatentDiscriminator(const LatentDiscriminatorConfig& c, int latent_size, int controls, int classes) {
  int channels = latent_size;
  for (int i = 0; i < c.layers; ++i) add_layer(trunk_, channels, c.width, c.kernel), channels = c.width;
  add_layer(trunk_, channels, c.width / 2, c.kernel);
  register_module("trunk", trunk_);
  for (int i = 0; i < controls; ++i) {
    torch::nn::Sequential head;
    add_layer(head, c.width / 2, c.width / 4, c.kernel);
    head->push_back(torch::nn::Conv1d(torch::nn::Conv1dOptions(c.width / 4, classes, c.kernel).padding(c.kernel / 2).bias(false)));
    heads_.push_back(register_module(text("head", i), head));
  }
}

torch::Tensor LatentDiscriminator::forward(const torch::Tensor& latent, bool learns) {
  const auto shared = pass(trunk_, latent, learns);
  std::vector<torch::Tensor> logits;
  for (auto& head : heads_) logits.push_back(pass(head, shared, learns));
  return torch::stack(logits, 2);
}

WaveformDiscriminator::WaveformDiscriminator(const WaveformDiscriminatorConfig& c) {
  for (int scale = 0; scale < c.scales; ++scale) {
    std::vector<Layer> layers;
    const auto add = [&](int in, int out, int kernel, int stride, int groups) {
      const std::string name = text("scale", scale, "/", layers.size());
      const double bound = 1 / std::sqrt(double(in / groups * kernel));
      Layer l;
      l.direction = register_parameter(name + "/weight", torch::empty({out, in / groups, kernel}).uniform_(-bound, bound));
      l.gain = register_parameter(name + "/gain", l.direction.detach().norm(2, {1, 2}, true).clone());
      l.bias = register_parameter(name + "/bias", torch::empty({out}).uniform_(-bound, bound));
      l.stride = stride, l.groups = groups;
      layers.push_back(l);
    };
    int channels = c.capacity;
    add(1, channels, 15, 1, 1);
    for (int i = 0; i < c.layers; ++i) {
      const int out = std::min(4 * channels, 64 * c.capacity);
      add(channels, out, 41, 4, channels / 4);
      channels = out;
    }
    add(channels, channels, 5, 1, 1);
    add(channels, 1, 1, 1, 1);
    scales_.push_back(layers);
  }
}

std::vector<std::vector<torch::Tensor>> WaveformDiscriminator::forward(torch::Tensor audio) {
  std::vector<std::vector<torch::Tensor>> all;
  for (const auto& layers : scales_) {
    std::vector<torch::Tensor> outputs;
    for (const Layer& l : layers) {
      const auto x = outputs.empty() ? audio : torch::leaky_relu(outputs.back(), 0.2);
      outputs.push_back(torch::conv1d(x, torch::_weight_norm(l.direction, l.gain, 0), l.bias, l.stride,
                                      at::IntArrayRef({l.direction.size(2) / 2}), 1, l.groups));
    }
    all.push_back(std::move(outputs));
    audio = torch::avg_pool1d(audio, 2);
  }
  return all;
}

}  // namespace nr
