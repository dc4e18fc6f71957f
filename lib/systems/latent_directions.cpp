#include "systems/latent_directions.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

namespace nr {
namespace {

constexpr int kSteps = 41;

}  // namespace

torch::Tensor training_latents(SynthesizerSystem& system, const Dataset& dataset, size_t most) {
  constexpr int64_t kBatch = 32;
  std::vector<int> clips = dataset.split(Split::kTrain);
  clips.resize(std::min(clips.size(), most));
  const int64_t samples = system.config().data.segment;
  std::vector<torch::Tensor> out;
  for (size_t from = 0; from < clips.size(); from += kBatch) {
    const auto count = std::min<int64_t>(kBatch, int64_t(clips.size() - from));
    auto audio = torch::zeros({count, 1, samples});
    for (int64_t i = 0; i < count; ++i)
      dataset.read(clips[from + size_t(i)], 0, samples, audio.data_ptr<float>() + i * samples);
    out.push_back(system.encode(system.spectrogram(audio)));
  }
  return torch::cat(out);
}

torch::Tensor LatentDirection::at(const torch::Tensor& places) const {
  return middle.unsqueeze(0) + places.unsqueeze(1) * step.unsqueeze(0);
}

double movement_along(SynthesizerSystem& system, const LatentDirection& direction) {
  const auto line = direction.at(torch::linspace(-kDirectionEnd, kDirectionEnd, kSteps));
  return system.infer_latent(line).std(0, false).mean().item<double>();
}

std::vector<LatentDirection> ranked_directions(SynthesizerSystem& system, const LatentSpace& space) {
  const torch::NoGradGuard no_grad;
  const double all = space.variance.sum().item<double>();
  std::vector<LatentDirection> out;
  for (int64_t c = 0; c < space.components.size(0); ++c) {
    const double variance = std::max(0.0, space.variance[c].item<double>());
    LatentDirection d{space.mean, space.components[c] * std::sqrt(variance), 0, all > 0 ? variance / all : 0, int(c)};
    d.movement = movement_along(system, d);
    out.push_back(d);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const LatentDirection& a, const LatentDirection& b) { return a.movement > b.movement; });
  return out;
}

}  // namespace nr
