#include "evaluation/tsne.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {
namespace {

torch::Tensor squared_distances(const torch::Tensor& x) {
  const auto norm = x.square().sum(1, true);
  return (norm + norm.t() - 2 * torch::matmul(x, x.t())).clamp_min(0);
}

// Rows of neighbours' probabilities whose entropy is ln(perplexity), by bisection of each row's precision.
torch::Tensor neighbours(const torch::Tensor& distances, double perplexity) {
  const int64_t n = distances.size(0);
  const auto others = 1 - torch::eye(n, distances.options());
  auto low = torch::zeros({n, 1}, distances.options()), high = torch::full_like(low, 1e12);
  auto beta = 1 / distances.mean(1, true).clamp_min(1e-12);
  torch::Tensor p;
  for (int i = 0; i < 60; ++i) {
    const auto nearest = torch::where(others > 0, distances, torch::full_like(distances, 1e30)).amin(1, true);
    p = torch::exp(-(distances - nearest) * beta) * others;
    p = p / p.sum(1, true);
    const auto entropy = -(p * torch::log(p.clamp_min(1e-30))).sum(1, true);
    const auto too_wide = entropy > std::log(perplexity);
    low = torch::where(too_wide, beta, low), high = torch::where(too_wide, high, beta);
    beta = torch::where(high > 1e11, beta * 2, (low + high) / 2);
  }
  return (p + p.t()) / (2.0 * double(n));
}

}  // namespace

torch::Tensor tsne(const torch::Tensor& points, double perplexity, int steps) {
  const torch::NoGradGuard no_grad;
  const int64_t n = points.size(0);
  if (n < 4 || n > 2000) fail("tsne: ", n, " points, expected 4 to 2000");
  const auto x = points.to(torch::kDouble);
  const auto p = neighbours(squared_distances(x), std::min(perplexity, double(n - 1) / 3)).clamp_min(1e-12);
  torch::manual_seed(1);
  auto y = 1e-2 * torch::randn({n, 2}, torch::kDouble), move = torch::zeros_like(y), gain = torch::ones_like(y);
  for (int step = 0; step < steps; ++step) {
    const auto near = (1 - torch::eye(n, torch::kDouble)) / (1 + squared_distances(y));
    const auto q = (near / near.sum()).clamp_min(1e-12);
    const auto force = ((step < steps / 4 ? 12 : 1) * p - q) * near;
    const auto gradient = 4 * (force.sum(1, true) * y - torch::matmul(force, y));
    gain = torch::where(gradient * move > 0, gain * 0.8, gain + 0.2).clamp_min(0.01);
    move = (step < 100 ? 0.5 : 0.8) * move - std::max(1.0, double(n) / 12) * gain * gradient;
    y = y + move;
    y = y - y.mean(0);
  }
  return y;
}

torch::Tensor principal_components(const torch::Tensor& points) {
  const auto centred = (points - points.mean(0, true)).to(torch::kDouble);
  const auto axes = std::get<1>(torch::linalg_eigh(centred.t().matmul(centred)));
  return centred.matmul(axes.flip({1}).narrow(1, 0, std::min<int64_t>(3, axes.size(1)))).to(torch::kFloat);
}

}  // namespace nr
