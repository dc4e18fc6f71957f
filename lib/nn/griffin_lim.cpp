#include "nn/griffin_lim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <cmath>

#include "dsp/frame_magnitudes.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

constexpr double kMomentum = 0.99;
constexpr int kUpdates = 40;  // of unfold_bands
constexpr double kLeastWeight = 0.5;  // of the most; inside, windows that overlap by half reach it

torch::Tensor hann(int window, const torch::Tensor& like) {
  return torch::hann_window(window, like.options().dtype(torch::kFloat));
}

}  // namespace

torch::Tensor short_time_spectra(const torch::Tensor& audio, int window, int step) {
  const auto padded = F::pad(audio, F::PadFuncOptions({window / 2, window / 2}));
  const auto frames = padded.unfold(-1, window, step).narrow(1, 0, audio.size(-1) / step);
  return torch::fft_rfft(frames * hann(window, audio)).transpose(1, 2);
}

torch::Tensor short_time_magnitudes(const torch::Tensor& audio, int window, int step) {
  const bool plain = !(torch::GradMode::is_enabled() && audio.requires_grad());
  if (!plain || !audio.is_cpu() || audio.scalar_type() != torch::kFloat || !has_frame_magnitudes(window, step))
    return short_time_spectra(audio, window, step).abs();
  const auto rows = audio.contiguous();
  const FrameMagnitudes one{window, step, int(rows.size(1) / step), window / 2, 1, int(rows.size(1))};
  const auto out = torch::empty({rows.size(0), one.frames, one.bins()}, rows.options());
  at::parallel_for(0, rows.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row)
      frame_magnitudes(one, rows.data_ptr<float>() + row * one.samples,
                       out.data_ptr<float>() + row * one.frames * one.bins(), nullptr);
  });
  return out.transpose(1, 2);
}

torch::Tensor signal_of(const torch::Tensor& spectra, int window, int step) {
  const int64_t batch = spectra.size(0), frames = spectra.size(2), length = (frames - 1) * step + window;
  const auto shape = hann(window, spectra);
  const auto pieces = torch::fft_irfft(spectra.transpose(1, 2), window) * shape;
  const auto add = [&](const torch::Tensor& columns) {
    return F::fold(columns, F::FoldFuncOptions({1, length}, {1, window}).stride({1, step}))
        .reshape({columns.size(0), length});
  };
  const auto weight = add(shape.square().unsqueeze(-1).expand({1, window, frames}));
  // Behind the last frame's centre only its window's end is left. What no signal has as its spectrum would burst there.
  const auto by = torch::maximum(weight, kLeastWeight * weight.max());
  const auto sum = add(pieces.transpose(1, 2).reshape({batch, window, frames})) / by;
  return F::pad(sum.narrow(1, window / 2, std::min(frames * step, length - window / 2)),
                F::PadFuncOptions({0, std::max<int64_t>(0, frames * step - (length - window / 2))}));
}

torch::Tensor griffin_lim(const torch::Tensor& magnitude, int window, int step, int rounds, bool fast) {
  const torch::NoGradGuard no_grad;
  auto chance = at::detail::createCPUGenerator(1);
  const auto first = (2 * M_PI * torch::rand({1, magnitude.size(1), magnitude.size(2)}, chance)).to(magnitude.device());
  auto phase = torch::polar(torch::ones_like(first), first), before = torch::zeros_like(phase);
  for (int i = 0; i < rounds; ++i) {
    const auto again = short_time_spectra(signal_of(magnitude * phase, window, step), window, step);
    const auto ahead = fast ? again - kMomentum / (1 + kMomentum) * before : again;
    phase = ahead / ahead.abs().clamp_min(1e-16);
    before = again;
  }
  return signal_of(magnitude * phase, window, step);
}

torch::Tensor unfold_bands(const torch::Tensor& filters, const torch::Tensor& bands) {
  const torch::NoGradGuard no_grad;
  const auto wanted = torch::matmul(filters.t(), bands), squares = torch::matmul(filters.t(), filters);
  auto x = wanted / squares.sum(1).clamp_min(1e-12).unsqueeze(-1);
  for (int i = 0; i < kUpdates; ++i) x = x * wanted / torch::matmul(squares, x).clamp_min(1e-20);
  return x;
}

}  // namespace nr
