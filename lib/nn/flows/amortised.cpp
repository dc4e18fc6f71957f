#include "nn/flows/amortised.h"

#include <cmath>

#include "nn/spectrogram.h"

namespace nr {
namespace {

namespace nn = torch::nn;

constexpr double kFirstSpread = 1e-4, kFirstWeight = 0.05;  // weight: of the network's last layer, to its default

std::vector<torch::Tensor> parameters_of(Flow& flow) {
  std::vector<torch::Tensor> out;
  for (const torch::Tensor* weight : flow.weights()) out.push_back(*weight);
  return out;
}

int64_t count(const std::vector<torch::Tensor>& tensors) {
  int64_t out = 0;
  for (const torch::Tensor& t : tensors) out += t.numel();
  return out;
}

// What is added to the means, [..., all weights].
void put(Flow& flow, const std::vector<torch::Tensor>& means, const torch::Tensor& added) {
  int64_t at = 0;
  const auto weights = flow.weights();
  for (size_t i = 0; i < means.size(); ++i) {
    std::vector<int64_t> shape = added.sizes().vec();
    shape.pop_back();
    for (const int64_t size : means[i].sizes()) shape.push_back(size);
    *weights[i] = means[i] + added.narrow(-1, at, means[i].numel()).reshape(shape);
    at += means[i].numel();
  }
}

}  // namespace

RandomWeights::RandomWeights(std::shared_ptr<Flow> flow)
    : flow_(std::move(flow)),
      means_(parameters_of(*flow_)),
      log_spread_(register_parameter("log_spread", torch::full({count(means_)}, std::log(kFirstSpread)))) {}

void RandomWeights::draw() {
  if (is_training()) return put(*flow_, means_, log_spread_.exp() * torch::randn_like(log_spread_));
  const auto weights = flow_->weights();
  for (size_t i = 0; i < means_.size(); ++i) *weights[i] = means_[i];
}

torch::Tensor RandomWeights::kl() const {
  auto squares = torch::zeros({}, log_spread_.options());
  for (const torch::Tensor& mean : means_) squares = squares + mean.square().sum();
  return (0.5 * ((2 * log_spread_).exp() - 1) - log_spread_).mean() + 0.5 * squares / double(log_spread_.numel());
}

WeightNetwork::WeightNetwork(std::shared_ptr<Flow> flow, int64_t condition)
    : flow_(std::move(flow)), means_(parameters_of(*flow_)) {
  const int64_t last = add_dense_layers(network_, condition, {512, 512}, {});
  nn::Linear out(nn::LinearOptions(last, count(means_)).bias(false));
  {
    const torch::NoGradGuard no_grad;
    out->weight.mul_(kFirstWeight);
  }
  network_->push_back(out);
  register_module("network", network_);
}

void WeightNetwork::give(const torch::Tensor& condition) { put(*flow_, means_, network_->forward(condition)); }

}  // namespace nr
