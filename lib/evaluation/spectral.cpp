#include "evaluation/spectral.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "dsp/mel.h"
#include "evaluation/note_measures.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

// A copy, with zeros behind if the clip is shorter than the reflected end of the widest window.
torch::Tensor tensor_of(const std::vector<float>& samples, int window) {
  const int64_t size = static_cast<int64_t>(samples.size());
  auto out = torch::zeros({std::max<int64_t>(size, window)});
  std::copy(samples.begin(), samples.end(), out.data_ptr<float>());
  return out;
}

torch::Tensor magnitude(const torch::Tensor& x, int window, int hop, bool normalised) {  // [bins, frames]
  return torch::stft(x, window, hop, window, torch::hann_window(window), true, "reflect", normalised, true, true).abs();
}

// Of every edge between two bands: its level above what is around it, dB. Below -100 dB nothing is seen.
torch::Tensor edges_above(const std::vector<float>& x, int bands) {
  constexpr int64_t kWindow = 2048;
  const auto power = magnitude(tensor_of(x, kWindow), kWindow, kWindow / 4, false).square().mean(1);
  const auto level = 10 * torch::log10(power * (16.0 / kWindow / kWindow) + 1e-10);
  const int64_t spacing = kWindow / 2 / bands, around = spacing / 4;
  std::vector<torch::Tensor> out;
  for (int64_t bin = spacing; bin < kWindow / 2; bin += spacing)
    out.push_back(level.narrow(0, bin - 1, 3).max() - level.narrow(0, bin - around, 2 * around + 1).median());
  return torch::stack(out);
}

}  // namespace

int mel_window(int sample_rate) { return sample_rate > 24000 ? 2048 : 1024; }

double multi_scale_stft(const std::vector<float>& x, const std::vector<float>& y) {
  if (x.size() != y.size()) fail("multi-scale STFT: ", x.size(), " samples against ", y.size());
  torch::NoGradGuard no_grad;
  const auto a = tensor_of(x, 2048), b = tensor_of(y, 2048);
  double sum = 0;
  for (const int window : {2048, 1024, 512, 256, 128}) {
    const auto X = magnitude(a, window, window / 4, true), Y = magnitude(b, window, window / 4, true);
    const double size = X.norm().item<double>();
    if (size == 0) return kUndefined;
    sum += (X - Y).norm().item<double>() / size + ((X + 1e-7).log() - (Y + 1e-7).log()).abs().mean().item<double>();
  }
  return sum;
}

MelSpectrogram log_mel(const std::vector<float>& samples, int sample_rate, int window, int hop, int mels) {
  torch::NoGradGuard no_grad;
  const std::vector<float> filters = mel_filters(sample_rate, window, mels);
  const auto bank = torch::tensor(filters).reshape({mels, window / 2 + 1});
  const auto bands = torch::matmul(bank, magnitude(tensor_of(samples, window), window, hop, false));
  const auto values = bands.clamp_min(1e-5).log().t().contiguous();
  const float* data = values.data_ptr<float>();
  return {{data, data + values.numel()}, static_cast<int>(values.size(0)), mels};
}

double log_mel_l1(const std::vector<float>& x, const std::vector<float>& y, int sample_rate) {
  if (x.size() != y.size()) fail("log-mel L1: ", x.size(), " samples against ", y.size());
  const int window = mel_window(sample_rate);
  const MelSpectrogram a = log_mel(x, sample_rate, window, window / 4, 80),
                       b = log_mel(y, sample_rate, window, window / 4, 80);
  double sum = 0;
  for (size_t i = 0; i < a.values.size(); ++i) sum += std::abs(a.values[i] - b.values[i]);
  return sum / a.values.size();
}

double power_mel_l1(const std::vector<float>& x, const std::vector<float>& y, int sample_rate) {
  if (x.size() != y.size()) fail("power-mel L1: ", x.size(), " samples against ", y.size());
  torch::NoGradGuard no_grad;
  constexpr int kWindow = 2048, kMels = 512;
  const auto bank = torch::tensor(htk_mel_filters(sample_rate, kWindow, kMels)).reshape({kMels, kWindow / 2 + 1});
  const auto bands = [&](const std::vector<float>& of) {
    return torch::matmul(bank, magnitude(tensor_of(of, kWindow), kWindow, kWindow / 4, false).square());
  };
  return (bands(x) - bands(y)).abs().mean().item<double>();
}

double log_spectral_distance(const std::vector<float>& x, const std::vector<float>& y, int sample_rate) {
  if (x.size() != y.size()) fail("log-spectral distance: ", x.size(), " samples against ", y.size());
  torch::NoGradGuard no_grad;
  const int window = mel_window(sample_rate);
  const auto spectrum = [&](const std::vector<float>& of) {
    return magnitude(tensor_of(of, window), window, window / 4, false).unsqueeze(0);
  };
  return log_spectral_distances(spectrum(x), spectrum(y))[0];
}

double band_edge_level(const std::vector<float>& x, const std::vector<float>& y, int bands) {
  if (bands < 2) return kUndefined;
  torch::NoGradGuard no_grad;
  return (edges_above(y, bands) - edges_above(x, bands)).mean().item<double>();
}

}  // namespace nr
