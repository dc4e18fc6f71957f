#include "losses/stft.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "dsp/spectral_sums.h"
#include "losses/known_gradient.h"
#include "nn/ranks.h"

namespace nr {
namespace {

bool has_kernel(const torch::Tensor& target, const torch::Tensor& made) {
  return made.is_cpu() && made.scalar_type() == torch::kFloat && target.scalar_type() == torch::kFloat &&
         !(target.requires_grad() && torch::GradMode::is_enabled());
}

// Of all ranks' examples.
torch::Tensor whole_norm(const torch::Tensor& x) {
  return ranks().count == 1 ? x.norm() : whole_sum(x.square().sum()).clamp_min(1e-14).sqrt();
}

torch::Tensor plain_distance(const torch::Tensor& x, const torch::Tensor& y, int size) {
  const auto X = magnitude(x, size), Y = magnitude(y, size);
  return whole_norm(X - Y) / whole_norm(X).clamp_min(1e-7) + (torch::log(X + 1e-7) - torch::log(Y + 1e-7)).abs().mean();
}

// The same by dsp/spectral_sums.h. gradient: undefined, or what the distance's is added to. x, y, gradient:
// contiguous, [rows, samples].
double fast_distance(const torch::Tensor& x, const torch::Tensor& y, int size, const torch::Tensor& gradient) {
  const int64_t rows = x.size(0), samples = x.size(1), at_once = spectral_sums_rows(int(samples), size);
  torch::Tensor difference, log;
  if (gradient.defined()) difference = torch::empty_like(y), log = torch::empty_like(y);
  const auto row = [&](const torch::Tensor& t, int64_t i) {
    return t.defined() ? t.data_ptr<float>() + i * samples : nullptr;
  };
  std::vector<SpectralSums> parts((rows + at_once - 1) / at_once);
  at::parallel_for(0, int64_t(parts.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      const int64_t first = part * at_once;
      parts[part] = spectral_sums(row(x, first), row(y, first), int(std::min(at_once, rows - first)), int(samples),
                                  size, row(difference, first), row(log, first));
    }
  });
  SpectralSums sums;
  for (const SpectralSums& part : parts) {  // in order: the sum does not depend on threads
    sums.squared_difference += part.squared_difference;
    sums.squared_target += part.squared_target;
    sums.log_ratio += part.log_ratio;
  }
  if (ranks().count > 1) {
    torch::Tensor all = torch::tensor({sums.squared_difference, sums.squared_target}, torch::kDouble);
    sum_over_ranks(all);
    sums.squared_difference = all[0].item<double>(), sums.squared_target = all[1].item<double>();
  }
  const double count = double(rows) * double(samples / (size / 4) + 1) * (size / 2 + 1);
  const double apart = std::sqrt(sums.squared_difference), scale = std::max(std::sqrt(sums.squared_target), 1e-7);
  if (gradient.defined()) {
    if (apart > 0) gradient.add_(difference, ranks().count / (apart * scale));  // as whole_sum's
    gradient.add_(log, 1 / count);
  }
  return apart / scale + sums.log_ratio / count;
}

}  // namespace

torch::Tensor magnitude(const torch::Tensor& x, int size) {
  const auto padded = torch::reflection_pad1d(x.unsqueeze(1), {size / 2, size / 2}).squeeze(1);
  const auto window = torch::hann_window(size, x.options().requires_grad(false));
  // unfold and rfft: 1.2 times as fast as torch::stft there and back (LibTorch 1.13).
  return torch::abs(torch::fft_rfft(padded.unfold(-1, size, size / 4) * (window / std::sqrt(double(size)))));
}

torch::Tensor spectral_distance(const torch::Tensor& target, const torch::Tensor& made, const std::vector<int>& sizes) {
  const auto x = target.flatten(0, 1), y = made.flatten(0, 1);
  const bool fast = has_kernel(x, y), learns = y.requires_grad() && torch::GradMode::is_enabled();
  torch::Tensor plain_x, plain_y, gradient;
  if (fast) plain_x = x.contiguous(), plain_y = y.detach().contiguous();
  if (fast && learns) gradient = torch::zeros_like(plain_y);
  double known = 0;
  auto sum = torch::zeros({}, y.options());
  for (const int size : sizes) {
    if (x.size(-1) <= size / 2) continue;
    if (fast && has_spectral_sums(size))
      known += fast_distance(plain_x, plain_y, size, gradient);
    else
      sum = sum + plain_distance(x, y, size);
  }
  if (!fast) return sum;
  const auto value = torch::full({}, known, sum.options().requires_grad(false));
  return sum + (learns ? with_gradient(value, y, gradient) : value);
}

}  // namespace nr
