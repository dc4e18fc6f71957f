#include "losses/vocoder.h"

#include <torch/torch.h>

#include "nn/griffin_lim.h"
#include "nn/ranks.h"

namespace nr {
namespace {

constexpr double kFloor = 1e-5;  // of magnitudes in logarithms

// Mean over the sizes of what `measure` gives for the spectra [n, bins, frames] of both sounds.
template <class Measure>
torch::Tensor mean_over_sizes(const LossInput& in, const Measure& measure) {
  const auto target = in.values["target.audio"].flatten(0, 1), decoded = in.values["decoded.audio"].flatten(0, 1);
  torch::Tensor sum;
  for (const int size : in.settings.stft_sizes) {
    const auto of = [&](const torch::Tensor& x) { return short_time_spectra(x, size, size / 4); };
    const auto value = measure(of(target), of(decoded));
    sum = sum.defined() ? sum + value : value;
  }
  return sum / double(in.settings.stft_sizes.size());
}

// With a gradient at 0.
torch::Tensor modulus(const torch::Tensor& x) {
  return (torch::real(x).square() + torch::imag(x).square() + 1e-14).sqrt();
}

// exp(i (phase of each frame - phase of the frame before)).
torch::Tensor phase_step(const torch::Tensor& x) {
  const int64_t frames = x.size(2);
  const auto step = x.narrow(2, 1, frames - 1) * x.narrow(2, 0, frames - 1).conj();
  return step / modulus(step).clamp_min(1e-7);
}

}  // namespace

torch::Tensor spectral_convergence(const LossInput& in) {
  return mean_over_sizes(in, [](const torch::Tensor& a, const torch::Tensor& b) {
    const auto x = modulus(a), y = modulus(b);
    if (ranks().count == 1) return (x - y).norm() / x.norm().clamp_min(1e-7);
    const auto norm = [](const torch::Tensor& z) { return whole_sum(z.square().sum()).clamp_min(1e-14).sqrt(); };
    return norm(x - y) / norm(x);
  });
}

torch::Tensor log_magnitude(const LossInput& in) {
  return mean_over_sizes(in, [](const torch::Tensor& a, const torch::Tensor& b) {
    const auto x = torch::log(modulus(a) + kFloor), y = torch::log(modulus(b) + kFloor);
    return (x - y).abs().sum() / mean_over_ranks(x.abs().sum());
  });
}

torch::Tensor instantaneous_frequency(const LossInput& in) {
  return mean_over_sizes(in, [](const torch::Tensor& a, const torch::Tensor& b) {
    return modulus(phase_step(a) - phase_step(b)).mean();
  });
}

torch::Tensor weighted_phase(const LossInput& in) {
  return mean_over_sizes(in, [](const torch::Tensor& a, const torch::Tensor& b) {
    const auto away = modulus(a) * modulus(b) - torch::real(a) * torch::real(b) - torch::imag(a) * torch::imag(b);
    return away.abs().mean() / mean_over_ranks(modulus(a).square().mean()).clamp_min(1e-12);
  });
}

}  // namespace nr
