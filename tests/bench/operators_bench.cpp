// Our operators against LibTorch's, there and back: the same numbers (tests/nn/convolution_test.cpp,
// tests/losses/stft_test.cpp), in less time.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "losses/stft.h"
#include "nn/convolution.h"
#include "nn/device.h"

namespace nr {
namespace {

namespace F = torch::nn::functional;

// The plain formula by torch::stft.
torch::Tensor by_stft(const torch::Tensor& target, const torch::Tensor& made, const std::vector<int>& sizes) {
  const auto magnitudes = [](const torch::Tensor& x, int size) {
    const auto window = torch::hann_window(size);
    return torch::abs(torch::stft(x.flatten(0, 1), size, size / 4, size, window, true, "reflect", true, true, true));
  };
  auto sum = torch::zeros({});
  for (const int size : sizes) {
    const auto X = magnitudes(target, size), Y = magnitudes(made, size);
    sum = sum + (X - Y).norm() / X.norm() + (torch::log(X + 1e-7) - torch::log(Y + 1e-7)).abs().mean();
  }
  return sum;
}

template <class Distance>
void spectra(benchmark::State& state, const Distance& distance, std::vector<int64_t> shape, std::vector<int> sizes) {
  choose_device("cpu");
  const auto target = 0.1 * torch::randn(shape);
  auto made = (0.1 * torch::randn(shape)).requires_grad_();
  for (auto _ : state) {
    made.mutable_grad() = torch::Tensor();
    distance(target, made, sizes).backward();
  }
}

// Channels in and out, frames, kernel, stride, dilation, transposed. Batch 8, leaky ReLU before, causal.
void convolution(benchmark::State& state, bool ours) {
  choose_device("cpu");
  const int64_t in = state.range(0), out = state.range(1), frames = state.range(2), kernel = state.range(3);
  ConvolutionLayer l;
  l.stride = state.range(4), l.dilation = state.range(5), l.transposed = state.range(6), l.slope = 0.2;
  l.weight = (0.01 * torch::randn({l.transposed ? in : out, l.transposed ? out : in, kernel})).requires_grad_();
  l.before = l.transposed ? 0 : (kernel - 1) * l.dilation - (l.stride - 1);
  l.after = l.transposed ? kernel - l.stride : 0;
  auto x = torch::randn({8, in, frames}).requires_grad_();
  const auto by_torch = [&] {
    const auto activated = torch::leaky_relu(x, l.slope);
    if (l.transposed)
      return torch::conv_transpose1d(activated, l.weight, {}, l.stride).narrow(-1, 0, frames * l.stride);
    return torch::conv1d(F::pad(activated, F::PadFuncOptions({l.before, 0})), l.weight, {}, l.stride,
                         at::IntArrayRef({0}), l.dilation);
  };
  const auto above = torch::randn_like(by_torch());
  for (auto _ : state) {
    x.mutable_grad() = l.weight.mutable_grad() = torch::Tensor();
    (ours ? convolve(l, x) : by_torch()).backward(above);
  }
  const double steps = double(8 * l.weight.numel() * frames) / (l.transposed ? 1 : double(l.stride));
  state.counters["GFLOP/s"] = benchmark::Counter(3 * 2e-9 * steps * double(state.iterations()),
                                                 benchmark::Counter::kIsRate);
}

void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"in", "out", "frames", "kernel", "stride", "dilation", "transposed"});
  b->Args({16, 16, 1024, 3, 1, 3, 0})->Args({32, 32, 512, 3, 1, 1, 0})->Args({64, 64, 128, 3, 1, 5, 0});
  b->Args({16, 128, 32, 7, 1, 1, 0})->Args({16, 32, 1024, 9, 4, 1, 0})->Args({16, 80, 1024, 1, 1, 1, 0});
  b->Args({1, 16, 16384, 512, 16, 1, 0})->Args({16, 1, 1024, 512, 16, 1, 1})->Args({64, 32, 128, 8, 4, 1, 1});
  b->Args({64, 64, 4096, 3, 1, 1, 0})->Args({256, 256, 512, 3, 1, 3, 0})->Args({1024, 512, 32, 4, 2, 1, 1});
}

BENCHMARK_CAPTURE(convolution, ours, true)->Apply(shapes)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(convolution, libtorch, false)->Apply(shapes)->Unit(benchmark::kMillisecond);

BENCHMARK_CAPTURE(spectra, demo_fullband_ours, spectral_distance, {8, 1, 16384}, {2048, 512, 128})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(spectra, demo_fullband_stft, by_stft, {8, 1, 16384}, {2048, 512, 128})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(spectra, v1_bands_ours, spectral_distance, {8, 16, 4096}, {2048, 1024, 512, 256, 128})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(spectra, v1_bands_stft, by_stft, {8, 16, 4096}, {2048, 1024, 512, 256, 128})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nr
