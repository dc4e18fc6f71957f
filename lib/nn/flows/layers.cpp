#include "nn/flows/layers.h"

#include <algorithm>

#include "base/error.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

namespace nn = torch::nn;

// A layer that begins near the identity begins with a last layer near 0.
void make_small(nn::Linear& layer) {
  const torch::NoGradGuard no_grad;
  layer->weight.mul_(0.05);
  layer->bias.zero_();
}

}  // namespace

PlanarFlow::PlanarFlow(int64_t d)
    : u_(register_parameter("u", 0.1 * torch::randn({d}))),
      w_(register_parameter("w", torch::randn({d}) / std::sqrt(double(d)))),
      b_(register_parameter("b", torch::zeros({1}))) {}

torch::Tensor PlanarFlow::invertible_u() const {
  const auto product = (w_ * u_).sum(-1, true);
  return u_ + (F::softplus(product) - 1 - product) * w_ / w_.square().sum(-1, true).clamp_min(1e-12);
}

Mapped PlanarFlow::forward(const torch::Tensor& x) {
  const auto u = invertible_u(), bent = torch::tanh((x * w_).sum(1, true) + b_), along = (w_ * u).sum(-1, true);
  return {x + bent * u, torch::log((1 + (1 - bent.square()) * along).clamp_min(1e-12)).squeeze(1)};
}

Mapped PlanarFlow::inverse(const torch::Tensor& y) {
  const auto u = invertible_u(), along = (w_ * u).sum(-1, true);
  const auto wanted = (y * w_).sum(1, true);  // = a + along tanh(a + b), which rises with a = w x
  auto low = wanted - along.abs(), high = wanted + along.abs();
  for (int i = 0; i < 80; ++i) {
    const auto middle = (low + high) / 2;
    const auto over = middle + along * torch::tanh(middle + b_) > wanted;
    low = torch::where(over, low, middle), high = torch::where(over, middle, high);
  }
  const auto bent = torch::tanh((low + high) / 2 + b_);
  return {y - bent * u, -torch::log((1 + (1 - bent.square()) * along).clamp_min(1e-12)).squeeze(1)};
}

std::vector<torch::Tensor*> PlanarFlow::weights() { return {&u_, &w_, &b_}; }

CouplingFlow::CouplingFlow(int64_t d, int64_t width) : kept_((d + 1) / 2), moved_(d - (d + 1) / 2) {
  if (d < 2) fail("a coupling flow needs 2 dimensions, found ", d);
  nn::Linear last(width, 2 * moved_);
  make_small(last);
  network_ = nn::Sequential(nn::Linear(kept_, width), nn::ReLU(), nn::Linear(width, width), nn::ReLU(), last);
  register_module("network", network_);
}

std::pair<torch::Tensor, torch::Tensor> CouplingFlow::scale_and_shift(const torch::Tensor& kept) {
  const auto both = network_->forward(kept);
  return {2 * torch::tanh(both.narrow(1, 0, moved_) / 2), both.narrow(1, moved_, moved_)};
}

Mapped CouplingFlow::forward(const torch::Tensor& x) {
  const auto kept = x.narrow(1, 0, kept_);
  const auto [scale, shift] = scale_and_shift(kept);
  return {torch::cat({kept, x.narrow(1, kept_, moved_) * scale.exp() + shift}, 1), scale.sum(1)};
}

Mapped CouplingFlow::inverse(const torch::Tensor& y) {
  const auto kept = y.narrow(1, 0, kept_);
  const auto [scale, shift] = scale_and_shift(kept);
  return {torch::cat({kept, (y.narrow(1, kept_, moved_) - shift) * (-scale).exp()}, 1), -scale.sum(1)};
}

std::vector<torch::Tensor*> CouplingFlow::weights() {
  std::vector<torch::Tensor*> out;
  for (const auto& layer : network_->children())
    if (auto* linear = layer->as<nn::Linear>()) out.insert(out.end(), {&linear->weight, &linear->bias});
  return out;
}

// A unit of degree g sees inputs up to g, counted from 1; outputs of dimension i see degrees below i.
Made::Made(int64_t d, int64_t width, int64_t each) : each_(each) {
  const auto inputs = torch::arange(1, d + 1);
  const auto hidden = 1 + torch::remainder(torch::arange(width), std::max<int64_t>(1, d - 1));
  const auto outputs = inputs.repeat({each});
  in_mask_ = register_buffer("in_mask", (hidden.unsqueeze(1) >= inputs.unsqueeze(0)).to(torch::kFloat));
  out_mask_ = register_buffer("out_mask", (outputs.unsqueeze(1) > hidden.unsqueeze(0)).to(torch::kFloat));
  in_ = register_module("in", nn::Linear(d, width));
  out_ = nn::Linear(width, each * d);
  make_small(out_);
  register_module("out", out_);
}

torch::Tensor Made::numbers(const torch::Tensor& x) {
  const auto hidden = torch::elu(F::linear(x, in_->weight * in_mask_, in_->bias));
  return F::linear(hidden, out_->weight * out_mask_, out_->bias).reshape({x.size(0), each_, x.size(1)});
}

std::pair<torch::Tensor, torch::Tensor> Made::forward(const torch::Tensor& x) {
  const auto all = numbers(x);
  return {all.select(1, 0), all.select(1, 1)};
}

AutoregressiveFlow::AutoregressiveFlow(Form form, int64_t d, int64_t width)
    : form_(form), made_(register_module("made", std::make_shared<Made>(d, width))) {}

torch::Tensor AutoregressiveFlow::logit_of(const torch::Tensor& s) const {
  return (form_ == Form::kNarrow ? s.clamp_max(10).exp() : s) + 2;
}

Mapped AutoregressiveFlow::forward(const torch::Tensor& x) {
  const auto [m, s] = made_->forward(x);
  if (form_ != Form::kAffine) {
    const auto logit = logit_of(s), gate = torch::sigmoid(logit);
    return {gate * x + (1 - gate) * m, F::logsigmoid(logit).sum(1)};
  }
  const auto bounded = 3 * torch::tanh(s / 3);
  return {(x - m) * (-bounded).exp(), -bounded.sum(1)};
}

Mapped AutoregressiveFlow::inverse(const torch::Tensor& y) {
  auto x = torch::zeros_like(y);
  for (int64_t i = 0; i < y.size(1); ++i) {  // the first i dimensions of x are known
    const auto [m, s] = made_->forward(x);
    torch::Tensor next;
    if (form_ != Form::kAffine) {
      const auto gate = torch::sigmoid(logit_of(s));
      next = (y - (1 - gate) * m) / gate;
    } else {
      next = y * (3 * torch::tanh(s / 3)).exp() + m;
    }
    x = torch::cat({x.narrow(1, 0, i), next.narrow(1, i, y.size(1) - i)}, 1);
  }
  return {x, -forward(x).log_det};
}

std::vector<torch::Tensor*> AutoregressiveFlow::weights() { return made_->weights(); }

BatchNormFlow::BatchNormFlow(int64_t d)
    : log_scale_(register_parameter("log_scale", torch::zeros({d}))),
      shift_(register_parameter("shift", torch::zeros({d}))),
      mean_(register_buffer("mean", torch::zeros({d}))),
      variance_(register_buffer("variance", torch::ones({d}))) {}

Mapped BatchNormFlow::forward(const torch::Tensor& x) {
  auto mean = mean_, variance = variance_;
  if (is_training() && x.size(0) > 1) {
    mean = x.mean(0), variance = x.var(0, false);
    const torch::NoGradGuard no_grad;
    mean_.mul_(0.95).add_(mean.detach(), 0.05), variance_.mul_(0.95).add_(variance.detach(), 0.05);
  }
  const auto log_det = (log_scale_ - 0.5 * torch::log(variance + kVarianceFloor)).sum(-1);
  return {(x - mean) / (variance + kVarianceFloor).sqrt() * log_scale_.exp() + shift_, log_det.expand({x.size(0)})};
}

Mapped BatchNormFlow::inverse(const torch::Tensor& y) {
  const auto deviation = (variance_ + kVarianceFloor).sqrt();
  const auto log_det = (deviation.log() - log_scale_).sum(-1);
  return {(y - shift_) * (-log_scale_).exp() * deviation + mean_, log_det.expand({y.size(0)})};
}

std::vector<torch::Tensor*> BatchNormFlow::weights() { return {&log_scale_, &shift_}; }

PermutationFlow::PermutationFlow(const std::vector<int64_t>& order) {
  std::vector<int64_t> back(order.size());
  for (size_t i = 0; i < order.size(); ++i) back[size_t(order[i])] = int64_t(i);
  order_ = register_buffer("order", torch::tensor(order)), back_ = register_buffer("back", torch::tensor(back));
}

Mapped PermutationFlow::forward(const torch::Tensor& x) {
  return {x.index_select(1, order_.to(torch::kLong)), torch::zeros({x.size(0)}, x.options())};
}

Mapped PermutationFlow::inverse(const torch::Tensor& y) {
  return {y.index_select(1, back_.to(torch::kLong)), torch::zeros({y.size(0)}, y.options())};
}

Mapped SigmoidFlow::forward(const torch::Tensor& x) {
  return {torch::sigmoid(x), -(F::softplus(x) + F::softplus(-x)).sum(1)};
}

Mapped SigmoidFlow::inverse(const torch::Tensor& y) {
  const auto inside = y.clamp(1e-6, 1 - 1e-6);
  const auto x = torch::log(inside) - torch::log1p(-inside);
  return {x, (F::softplus(x) + F::softplus(-x)).sum(1)};
}

}  // namespace nr
