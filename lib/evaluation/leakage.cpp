#include "evaluation/leakage.h"

#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace nr {
namespace {

constexpr int kClips = 300, kFrames = 20000, kWidth = 64, kSteps = 1500, kBatch = 512, kNetworks = 5;

}  // namespace

Probe::Frames Probe::frames_of(const torch::Tensor& latent, const Measured& measured) const {
  std::vector<int64_t> where;
  std::vector<float> positions;
  for (size_t i = 0; i < measured.active.size(); ++i) {
    if (!measured.active[i]) continue;
    where.push_back(int64_t(i));
    for (size_t k = 0; k < scales_.size(); ++k) positions.push_back(scales_[k].normalise(measured.curves[k][i]));
  }
  return {latent[0].t().to(torch::kCPU).index_select(0, torch::tensor(where, torch::kLong)),
          torch::tensor(positions).reshape({int64_t(where.size()), int64_t(scales_.size())})};
}

Probe::Probe(const TrainedModel& trained, const Dataset& dataset, uint64_t seed) : scales_(trained.scales) {
  std::vector<int> clips = dataset.split(Split::kTrain);
  Random random(seed, clips.size());
  for (size_t i = clips.size(); i > 1; --i) std::swap(clips[i - 1], clips[random.below(i)]);
  std::vector<torch::Tensor> latents, targets;
  int64_t count = 0;
  for (size_t i = 0; i < clips.size() && i < kClips && count < kFrames; ++i) {
    const Sound sound = make_sound(trained, dataset.clips()[clips[i]].path, dataset.samples(clips[i]));
    const Frames frames = frames_of(latent_of(trained, sound), sound.measured);
    latents.push_back(frames.latent), targets.push_back(frames.positions);
    count += frames.latent.size(0);
  }
  if (count < 2) return;
  const torch::AutoGradMode learns(true);  // also when the caller has gradients switched off
  const auto x = torch::cat(latents), y = torch::cat(targets);
  mean_ = x.mean(0), deviation_ = x.std(0, false).clamp_min(1e-6), variance_ = y.var(0, false);
  torch::manual_seed(seed);
  int64_t width = x.size(1);
  for (const int64_t next : {int64_t(kWidth), int64_t(kWidth), y.size(1)}) {
    weights_.push_back((torch::randn({kNetworks, width, next}) / std::sqrt(double(width))).requires_grad_());
    weights_.push_back(torch::zeros({kNetworks, 1, next}).requires_grad_());
    width = next;
  }
  torch::optim::Adam adam(weights_, torch::optim::AdamOptions(2e-3).weight_decay(1e-5));
  for (int step = 0; step < kSteps; ++step) {
    const auto rows = torch::randint(count, {std::min<int64_t>(kBatch, count)}, torch::kLong);
    adam.zero_grad();
    (predict(x.index_select(0, rows)) - y.index_select(0, rows)).square().mean(c10::IntArrayRef{1, 2}).sum().backward();
    adam.step();
  }
}

torch::Tensor Probe::predict(const torch::Tensor& latent) const {
  auto x = (latent - mean_) / deviation_;
  for (size_t i = 0; i < weights_.size(); i += 2) {
    x = torch::matmul(x, weights_[i]) + weights_[i + 1];
    if (i + 2 < weights_.size()) x = torch::relu(x);
  }
  return x;
}

std::vector<double> Probe::r2(const torch::Tensor& latent, const Measured& measured) const {
  const torch::NoGradGuard no_grad;
  std::vector<double> out(scales_.size(), std::numeric_limits<double>::quiet_NaN());
  if (weights_.empty()) return out;
  const Frames frames = frames_of(latent, measured);
  if (!frames.latent.size(0)) return out;
  const auto error = (predict(frames.latent) - frames.positions).square().mean(c10::IntArrayRef{0, 1});
  for (size_t k = 0; k < out.size(); ++k)
    if (const double variance = variance_[int64_t(k)].item<double>(); variance > 1e-6)
      out[k] = 1 - error[int64_t(k)].item<double>() / variance;
  return out;
}

}  // namespace nr
