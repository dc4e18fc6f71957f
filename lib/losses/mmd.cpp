#include "losses/mmd.h"

#include <torch/torch.h>

namespace nr {
namespace {

torch::Tensor kernel(const torch::Tensor& a, const torch::Tensor& b, const std::string& name) {
  const auto r =
      (a.pow(2).sum(1, true) + b.pow(2).sum(1).unsqueeze(0) - 2 * torch::matmul(a, b.t())).clamp_min(0);
  const auto d = double(a.size(1));
  if (name == "rbf") return torch::exp(r / (-d * d));
  auto sum = torch::zeros_like(r);
  if (name == "multi_rbf")
    for (const double s : {1, 2, 4, 8, 16}) sum = sum + torch::exp(r / (-2 * s * s));
  else
    for (const double s : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0}) sum = sum + s * 2 * d / (s * 2 * d + r);
  return sum;
}

// Of the kernel's matrix of a set with itself.
torch::Tensor mean_within(const torch::Tensor& k, bool unbiased) {
  if (!unbiased) return k.mean();
  const auto n = double(k.size(0));
  return (k.sum() - k.diagonal().sum()) / (n * (n - 1));
}

}  // namespace

torch::Tensor discrepancy(const torch::Tensor& x, const torch::Tensor& y, const MmdConfig& c) {
  return mean_within(kernel(x, x, c.kernel), c.unbiased) + mean_within(kernel(y, y, c.kernel), c.unbiased) -
         2 * kernel(x, y, c.kernel).mean();
}

torch::Tensor mmd(const LossInput& in) {
  constexpr int64_t kMost = 512;  // frames: the kernel's matrix has their square
  const torch::Tensor& latent = in.values["latent"];
  auto z = latent.transpose(1, 2).reshape({-1, latent.size(1)});
  if (z.size(0) > kMost)
    z = z.index_select(0, torch::randperm(z.size(0), z.options().dtype(torch::kLong)).narrow(0, 0, kMost));
  return discrepancy(z, torch::randn_like(z), in.settings.mmd);
}

}  // namespace nr
