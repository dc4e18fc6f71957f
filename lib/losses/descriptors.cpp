#include "losses/descriptors.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

constexpr double kSilent = 1e-12;  // keeps quotients and logarithms of silence finite

// One measurement after another, [n, measurements, window], centred on (i + 1/2) hop.
torch::Tensor frames_of(const torch::Tensor& audio, const Framing& f) {
  const int64_t before = f.window / 2 - f.hop / 2, count = audio.size(-1) / f.hop;
  const int64_t after = std::max<int64_t>(0, (count - 1) * f.hop + f.window - before - audio.size(-1));
  const auto padded = F::pad(audio, F::PadFuncOptions({before, after})).squeeze(1);
  return padded.unfold(-1, f.window, f.hop).narrow(1, 0, count);
}

torch::Tensor centroid(const torch::Tensor& spectrum, const torch::Tensor& frequencies) {
  return (spectrum * frequencies).sum(-1) / (spectrum.sum(-1) + kSilent);
}

}  // namespace

const std::vector<std::string>& differentiable_descriptors() {
  static const std::vector<std::string> names{"rms", "centroid", "bandwidth"};
  return names;
}

torch::Tensor measure_descriptors(const torch::Tensor& audio, const std::vector<std::string>& names, const Framing& f, int latent_hop) {
  const auto frames = frames_of(audio, f);
  const auto needs_spectrum = [](const std::string& name) { return name != "rms"; };
  torch::Tensor spectrum, frequencies;
  if (std::any_of(names.begin(), names.end(), needs_spectrum)) {
    const auto window = torch::hann_window(f.window, audio.options().requires_grad(false));
    spectrum = torch::abs(torch::fft_rfft(frames * window));
    frequencies = torch::arange(f.window / 2 + 1, spectrum.options()) * (double(f.sample_rate) / f.window);
  }
  std::vector<torch::Tensor> curves;
  for (const std::string& name : names) {
    torch::Tensor curve;  // [n, measurements], physical
    if (name == "rms") curve = (frames.pow(2).mean(-1) + kSilent).sqrt();
    else if (name == "centroid") curve = centroid(spectrum, frequencies);
    else if (name == "bandwidth") {
      const auto middle = centroid(spectrum, frequencies).unsqueeze(-1);
      curve = ((spectrum * (frequencies - middle).pow(2)).sum(-1) / (spectrum.sum(-1) + kSilent) + kSilent).sqrt();
    } else fail("descriptor '", name, "' has no differentiable twin", hint(name, differentiable_descriptors()));
    const auto average = F::avg_pool1d(curve.unsqueeze(1), F::AvgPool1dFuncOptions(latent_hop / f.hop)).squeeze(1);
    const bool decibel = descriptors().at(name).warp == Warp::kDecibel;
    curves.push_back(decibel ? 20 * torch::log10(average + 1e-6) : torch::log2(average + 1e-3));
  }
  return torch::stack(curves, 1);
}

}  // namespace nr
