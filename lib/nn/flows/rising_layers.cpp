// Layers whose dimensions are rising functions without a closed inverse: it is found by bisection.
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "nn/flows/layers.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

constexpr int kHalvings = 80;

// Where the rising function `of` takes the values y, within y - room and y + room.
template <class Function>
torch::Tensor bisect(const Function& of, const torch::Tensor& y, const torch::Tensor& room) {
  auto low = y - room, high = y + room;
  for (int i = 0; i < kHalvings; ++i) {
    const auto middle = (low + high) / 2;
    const auto over = of(middle) > y;
    low = torch::where(over, low, middle), high = torch::where(over, middle, high);
  }
  return (low + high) / 2;
}

struct Risen {
  torch::Tensor value, log_slope;  // [n, units, ...]
};

// logit(w sigmoid(a (u h) + b)), from logarithms: the mixture itself rounds to 0 or 1 far out. h: [n, in, ...].
Risen rise(const RisingLayer& layer, const Risen& h) {
  const auto spread = (layer.log_spread.exp() * h.value.unsqueeze(1)).sum(2);
  const auto at = layer.log_slopes.exp() * spread + layer.places;
  const auto slope = layer.log_slopes + torch::logsumexp(layer.log_spread + h.log_slope.unsqueeze(1), 2);
  const auto up = F::logsigmoid(at), down = F::logsigmoid(-at);
  const auto mixed = [&](const torch::Tensor& logs) { return torch::logsumexp(layer.log_mix + logs.unsqueeze(1), 2); };
  const auto below = mixed(up), above = mixed(down);
  return {below - above, mixed(slope + up + down) - below - above};
}

// x: [n, ...] -> the same shape.
Risen rise(const std::vector<RisingLayer>& layers, const torch::Tensor& x) {
  Risen h{x.unsqueeze(1), torch::zeros_like(x).unsqueeze(1)};
  for (const RisingLayer& layer : layers) h = rise(layer, h);
  return {h.value.squeeze(1), h.log_slope.squeeze(1)};
}

// Slopes are within e^-2 and e^2 and a mixture lies among what it mixes, so x lies no further from y than places and
// slopes can move it.
torch::Tensor room_for(const std::vector<RisingLayer>& layers, const torch::Tensor& y) {
  auto room = y.abs();
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
    room = 9 * (room + layer->places.abs().amax(1) + 1);
  return room;
}

// Of a matrix, or of one an example.
torch::Tensor diagonal_of(const torch::Tensor& m) { return m.diagonal(0, -2, -1); }
torch::Tensor times(const torch::Tensor& m, const torch::Tensor& x) {
  return m.dim() == 2 ? F::linear(x, m) : torch::matmul(m, x.unsqueeze(2)).squeeze(2);
}

}  // namespace

SylvesterFlow::SylvesterFlow(int64_t d)
    : r_(register_parameter("r", 0.1 * torch::randn({d, d}))),
      s_(register_parameter("s", torch::randn({d, d}) / std::sqrt(double(d)))),
      b_(register_parameter("b", torch::zeros({d}))) {}

std::pair<torch::Tensor, torch::Tensor> SylvesterFlow::triangles() const {
  const auto of = [](const torch::Tensor& m) { return m.triu(1) + torch::diag_embed(torch::tanh(diagonal_of(m))); };
  return {of(r_), of(s_)};
}

Mapped SylvesterFlow::forward(const torch::Tensor& x) {
  const auto [r, s] = triangles();
  const auto bent = torch::tanh(times(s, x) + b_);
  const auto log_det = torch::log((1 + (1 - bent.square()) * diagonal_of(r) * diagonal_of(s)).clamp_min(1e-12)).sum(1);
  return {x + times(r, bent), log_det};
}

Mapped SylvesterFlow::inverse(const torch::Tensor& y) {
  const auto [r, s] = triangles();
  const int64_t d = y.size(1);
  auto x = torch::zeros_like(y);
  for (int64_t i = d - 1; i >= 0; --i) {  // the dimensions behind i are known, x[i] is still 0
    const auto inside = times(s, x) + b_, row = r.select(-2, i);
    const auto given = (torch::tanh(inside) * row).narrow(1, i + 1, d - i - 1).sum(1);
    const auto r_i = diagonal_of(r).select(-1, i), s_i = diagonal_of(s).select(-1, i);
    const auto of = [&](const torch::Tensor& a) {
      return a + r_i * torch::tanh(s_i * a + inside.select(1, i));
    };
    const auto wanted = y.select(1, i) - given;
    const auto found = bisect(of, wanted, torch::ones_like(wanted)).unsqueeze(1);
    x = torch::cat({x.narrow(1, 0, i), found, x.narrow(1, i + 1, d - i - 1)}, 1);
  }
  return {x, -forward(x).log_det};
}

std::vector<torch::Tensor*> SylvesterFlow::weights() { return {&r_, &s_, &b_}; }

// A layer's numbers a dimension: mix, slopes and places of kSigmoids each; behind the first layer also the spread.
SigmoidalFlow::SigmoidalFlow(int64_t d, int64_t width, int64_t layers)
    : made_(register_module("made", std::make_shared<Made>(d, width, (4 * layers - 1) * kSigmoids))) {
  for (int64_t l = 0; l < layers && layers > 1; ++l) {
    mix_.push_back(register_parameter(text("mix", l), torch::randn({l + 1 < layers ? kSigmoids : 1, kSigmoids})));
    if (l > 0) spread_.push_back(register_parameter(text("spread", l), torch::randn({kSigmoids, kSigmoids})));
  }
}

// numbers: [n, all, dimensions]
std::vector<RisingLayer> SigmoidalFlow::rising(const torch::Tensor& numbers) const {
  std::vector<RisingLayer> out;
  int64_t at = 0;
  const auto next = [&] { return numbers.narrow(1, (at += kSigmoids) - kSigmoids, kSigmoids); };
  const auto matrix = [](const torch::Tensor& logs) { return logs.unsqueeze(0).unsqueeze(3); };
  const auto start = torch::linspace(-1, 1, kSigmoids, numbers.options()).unsqueeze(1);
  for (size_t l = 0; l < std::max<size_t>(1, mix_.size()); ++l) {
    auto mix = next().unsqueeze(1);
    const auto log_slopes = 2 * torch::tanh(next() / 2), places = start + next();
    auto spread = torch::zeros_like(places).unsqueeze(2);
    if (l > 0) spread = next().unsqueeze(1) + matrix(spread_[l - 1]);
    if (!mix_.empty()) mix = mix + matrix(mix_[l]);
    out.push_back({log_slopes, places, torch::log_softmax(mix, 2), torch::log_softmax(spread, 2)});
  }
  return out;
}

Mapped SigmoidalFlow::forward(const torch::Tensor& x) {
  const Risen risen = rise(rising(made_->numbers(x)), x);
  return {risen.value, risen.log_slope.sum(1)};
}

Mapped SigmoidalFlow::inverse(const torch::Tensor& y) {
  const int64_t d = y.size(1);
  auto x = torch::zeros_like(y);
  for (int64_t i = 0; i < d; ++i) {  // the first i dimensions of x are known
    const auto layers = rising(made_->numbers(x).narrow(2, i, 1));
    const auto wanted = y.narrow(1, i, 1);
    const auto found =
        bisect([&](const torch::Tensor& a) { return rise(layers, a).value; }, wanted, room_for(layers, wanted));
    x = torch::cat({x.narrow(1, 0, i), found, x.narrow(1, i + 1, d - i - 1)}, 1);
  }
  return {x, -forward(x).log_det};
}

std::vector<torch::Tensor*> SigmoidalFlow::weights() {
  std::vector<torch::Tensor*> out = made_->weights();
  for (auto* logs : {&mix_, &spread_})
    for (torch::Tensor& each : *logs) out.push_back(&each);
  return out;
}

}  // namespace nr
