#include "losses/stft.h"

#include <torch/torch.h>

#include <cmath>

namespace nr {

torch::Tensor magnitude(const torch::Tensor& x, int size) {
  const auto padded = torch::reflection_pad1d(x.unsqueeze(1), {size / 2, size / 2}).squeeze(1);
  const auto window = torch::hann_window(size, x.options().requires_grad(false));
  // unfold and rfft: 1.2 times as fast as torch::stft there and back (LibTorch 1.13).
  return torch::abs(torch::fft_rfft(padded.unfold(-1, size, size / 4) * (window / std::sqrt(double(size)))));
}

torch::Tensor spectral_distance(const torch::Tensor& target, const torch::Tensor& made, const std::vector<int>& sizes) {
  const auto x = target.flatten(0, 1), y = made.flatten(0, 1);
  auto sum = torch::zeros({}, y.options());
  for (const int size : sizes) {
    if (x.size(-1) <= size / 2) continue;
    const auto X = magnitude(x, size), Y = magnitude(y, size);
    sum = sum + (X - Y).norm() / X.norm().clamp_min(1e-7) + (torch::log(X + 1e-7) - torch::log(Y + 1e-7)).abs().mean();
  }
  return sum;
}

}  // namespace nr
