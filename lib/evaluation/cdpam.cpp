#include "evaluation/cdpam.h"

#include <torch/torch.h>

#include <cmath>

#include "audio/resampler.h"
#include "base/error.h"
#include "base/names.h"
#include "nn/safetensors.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

constexpr int kRate = 22050, kLayersAnOctave = 4, kLayers = 16, kDistances = 4;
constexpr double kSlope = 0.1, kDistanceSlope = 0.01, kNormEpsilon = 1e-5;

bool halves_the_rate(int layer) { return (layer + 1) % kLayersAnOctave == 0; }

}  // namespace

Cdpam::Cdpam(const std::filesystem::path& weights) : file_(weights), tensors_(read_checkpoint(weights).tensors) {
  const torch::NoGradGuard no_gradients;
  for (int layer = 0; layer < kLayers; ++layer) {
    const std::string conv = text("base_encoder.encoder.", layer, "."), norm = text("base_encoder.ebatch.", layer, ".");
    torch::Tensor kernel = tensor(conv + "weight"), bias = tensor(conv + "bias");
    const torch::Tensor gain = tensor(norm + "weight") / (tensor(norm + "running_var") + kNormEpsilon).sqrt();
    const int64_t inputs = layer == 0 ? 1 : kernels_.back().size(0);
    if (kernel.dim() != 3 || kernel.size(1) != inputs || gain.sizes() != bias.sizes() || kernel.size(0) != gain.size(0))
      fail(file_.string(), ": ", conv, "weight has the shape ", shape_text(kernel.sizes()), ", expected ", inputs,
           " inputs and the outputs of its bias and batch norm, ", gain.numel());
    kernel = kernel * gain.view({-1, 1, 1});
    bias = (bias - tensor(norm + "running_mean")) * gain + tensor(norm + "bias");
    // Half of the last layer's outputs is of what is said, and plays no part in the distance.
    const int64_t outputs = layer + 1 == kLayers ? kernel.size(0) / 2 : kernel.size(0);
    kernel = kernel.narrow(0, 0, outputs), bias = bias.narrow(0, 0, outputs);
    kernels_.push_back(kernel.contiguous()), biases_.push_back(bias.contiguous());
  }
  int64_t inputs = kernels_.back().size(0);
  for (int i = 0; i < kDistances; ++i) {
    const std::string name = text("model_dist.convs.", i, ".0.weight");
    const torch::Tensor& weight = tensor(name);
    const int64_t outputs = tensor(text("model_dist.chan_w.", i)).numel();
    if (weight.dim() != 2 || weight.size(0) != outputs || weight.size(1) != inputs)
      fail(file_.string(), ": ", name, " has the shape ", shape_text(weight.sizes()), ", expected [", outputs, ", ",
           inputs, "]");
    inputs = outputs;
  }
}

const torch::Tensor& Cdpam::tensor(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) fail(file_.string(), ": has no tensor ", name, "; expected the weights of CDPAM");
  return found->second;
}

torch::Tensor Cdpam::embedding(const std::vector<float>& samples, int sample_rate) const {
  std::vector<float> heard = resample(samples, sample_rate, kRate);
  for (float& x : heard) x = std::round(x * 32768);
  torch::Tensor x = torch::from_blob(heard.data(), {1, 1, int64_t(heard.size())});
  for (int layer = 0; layer < kLayers; ++layer) {
    const torch::Tensor& kernel = kernels_[size_t(layer)];
    // Every other output is left out: not computed at all.
    const auto options = F::Conv1dFuncOptions()
                             .bias(biases_[size_t(layer)])
                             .padding(kernel.size(2) / 2)
                             .stride(halves_the_rate(layer) ? 2 : 1);
    x = F::conv1d(x, kernel, options);
    torch::leaky_relu_(x, kSlope);
  }
  return F::normalize(x.mean(2), F::NormalizeFuncOptions().dim(1));
}

double Cdpam::distance(const std::vector<float>& reference, const std::vector<float>& other, int sample_rate) const {
  if (reference.empty() && other.empty()) return 0;
  const torch::NoGradGuard no_gradients;
  return distance(embedding(reference, sample_rate), embedding(other, sample_rate));
}

double Cdpam::distance(torch::Tensor a, torch::Tensor b) const {
  const torch::NoGradGuard no_gradients;
  torch::Tensor sum = torch::zeros({});
  for (int i = 0; i < kDistances; ++i) {
    const torch::Tensor& weight = tensor(text("model_dist.convs.", i, ".0.weight"));
    const torch::Tensor& bias = tensor(text("model_dist.convs.", i, ".0.bias"));
    a = F::linear(a, weight, bias), b = F::linear(b, weight, bias);
    if (i + 1 < kDistances) a = torch::leaky_relu(a, kDistanceSlope), b = torch::leaky_relu(b, kDistanceSlope);
    sum = sum + ((b - a) * tensor(text("model_dist.chan_w.", i))).abs().sum();
  }
  return sum.item<double>();
}

}  // namespace nr
