#include "evaluation/spectral.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "dsp/mel.h"

namespace nr {
namespace {

// Copied, with zeros up to a length whose ends the widest window can reflect.
torch::Tensor tensor_of(const std::vector<float>& samples, int window) {
  const int64_t size = static_cast<int64_t>(samples.size());
  auto out = torch::zeros({std::max<int64_t>(size, window)});
  std::copy(samples.begin(), samples.end(), out.data_ptr<float>());
  return out;
}

torch::Tensor magnitude(const torch::Tensor& x, int window, int hop, bool normalised) {  // [bins, frames]
  return torch::stft(x, window, hop, window, torch::hann_window(window), true, "reflect", normalised, true, true).abs();
}

}  // namespace

double multi_scale_stft(const std::vector<float>& x, const std::vector<float>& y) {
  if (x.size() != y.size()) fail("multi-scale STFT: ", x.size(), " samples against ", y.size());
  torch::NoGradGuard no_grad;
  const auto a = tensor_of(x, 2048), b = tensor_of(y, 2048);
  double sum = 0;
  for (const int window : {2048, 1024, 512, 256, 128}) {
    const auto X = magnitude(a, window, window / 4, true), Y = magnitude(b, window, window / 4, true);
    const double size = X.norm().item<double>();
    if (size == 0) return std::numeric_limits<double>::quiet_NaN();
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
  const int window = sample_rate > 24000 ? 2048 : 1024;
  const MelSpectrogram a = log_mel(x, sample_rate, window, window / 4, 80),
                       b = log_mel(y, sample_rate, window, window / 4, 80);
  double sum = 0;
  for (size_t i = 0; i < a.values.size(); ++i) sum += std::abs(a.values[i] - b.values[i]);
  return sum / a.values.size();
}

}  // namespace nr
