// Layers whose dimensions are rising functions without a closed inverse: it is found by bisection.
#include <cmath>

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

struct Sigmoids {
  torch::Tensor log_weights, log_slopes, places;  // [n, sigmoids, ...]
};

struct Bent {
  torch::Tensor value, log_slope;  // as x
};

// logit(sum w sigmoid(a x + b)), computed from logarithms: the mixture itself rounds to 0 or 1 far out. x: [n, ...].
Bent bend(const Sigmoids& s, const torch::Tensor& x) {
  const auto at = s.log_slopes.exp() * x.unsqueeze(1) + s.places;
  const auto up = F::logsigmoid(at), down = F::logsigmoid(-at);
  const auto below = torch::logsumexp(s.log_weights + up, 1), above = torch::logsumexp(s.log_weights + down, 1);
  return {below - above, torch::logsumexp(s.log_weights + s.log_slopes + up + down, 1) - below - above};
}

Sigmoids sigmoids_of(const torch::Tensor& numbers) {
  const int64_t k = SigmoidalFlow::kSigmoids;
  auto spread = torch::linspace(-1, 1, k, numbers.options()).unsqueeze(1);
  return {torch::log_softmax(numbers.narrow(1, 0, k), 1), 2 * torch::tanh(numbers.narrow(1, k, k) / 2),
          spread + numbers.narrow(1, 2 * k, k)};
}

}  // namespace

SylvesterFlow::SylvesterFlow(int64_t d)
    : r_(register_parameter("r", 0.1 * torch::randn({d, d}))),
      s_(register_parameter("s", torch::randn({d, d}) / std::sqrt(double(d)))),
      b_(register_parameter("b", torch::zeros({d}))) {}

std::pair<torch::Tensor, torch::Tensor> SylvesterFlow::triangles() const {
  const auto of = [](const torch::Tensor& m) { return m.triu(1) + torch::diag(torch::tanh(m.diagonal())); };
  return {of(r_), of(s_)};
}

Mapped SylvesterFlow::forward(const torch::Tensor& x) {
  const auto [r, s] = triangles();
  const auto bent = torch::tanh(F::linear(x, s, b_));
  const auto log_det = torch::log((1 + (1 - bent.square()) * r.diagonal() * s.diagonal()).clamp_min(1e-12)).sum(1);
  return {x + F::linear(bent, r), log_det};
}

Mapped SylvesterFlow::inverse(const torch::Tensor& y) {
  const auto [r, s] = triangles();
  const int64_t d = y.size(1);
  auto x = torch::zeros_like(y);
  for (int64_t i = d - 1; i >= 0; --i) {  // the dimensions behind i are known, x[i] is still 0
    const auto inside = F::linear(x, s, b_);
    const auto given = torch::matmul(torch::tanh(inside.narrow(1, i + 1, d - i - 1)), r[i].narrow(0, i + 1, d - i - 1));
    const auto of = [&, r_i = r[i][i], s_i = s[i][i]](const torch::Tensor& a) {
      return a + r_i * torch::tanh(s_i * a + inside.select(1, i));
    };
    const auto wanted = y.select(1, i) - given;
    const auto found = bisect(of, wanted, torch::ones_like(wanted)).unsqueeze(1);
    x = torch::cat({x.narrow(1, 0, i), found, x.narrow(1, i + 1, d - i - 1)}, 1);
  }
  return {x, -forward(x).log_det};
}

SigmoidalFlow::SigmoidalFlow(int64_t d, int64_t width)
    : made_(register_module("made", std::make_shared<Made>(d, width, 3 * kSigmoids))) {}

Mapped SigmoidalFlow::forward(const torch::Tensor& x) {
  const Bent bent = bend(sigmoids_of(made_->numbers(x)), x);
  return {bent.value, bent.log_slope.sum(1)};
}

Mapped SigmoidalFlow::inverse(const torch::Tensor& y) {
  const int64_t d = y.size(1);
  auto x = torch::zeros_like(y);
  for (int64_t i = 0; i < d; ++i) {  // the first i dimensions of x are known
    const auto numbers = made_->numbers(x).select(2, i);
    const Sigmoids here = sigmoids_of(numbers.unsqueeze(2));
    const auto of = [&](const torch::Tensor& a) { return bend(here, a.unsqueeze(1)).value.squeeze(1); };
    // Slopes are within e^-2 and e^2, so x lies no further from y than places and slopes can move it.
    const auto wanted = y.select(1, i);
    const auto room = 9 * (wanted.abs() + here.places.abs().amax({1, 2}) + 1);
    const auto found = bisect(of, wanted, room).unsqueeze(1);
    x = torch::cat({x.narrow(1, 0, i), found, x.narrow(1, i + 1, d - i - 1)}, 1);
  }
  return {x, -forward(x).log_det};
}

}  // namespace nr
