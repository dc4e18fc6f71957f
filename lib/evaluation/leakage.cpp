#include "evaluation/leakage.h"

#include <torch/torch.h>

#include <cmath>

#include "base/random.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr int kClips = 300, kFrames = 20000, kWidth = 64, kSteps = 1500, kBatch = 512, kClassBatch = 128,
              kNetworks = 5;

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
  weights_ = trained_on(x, y.size(1), kBatch, [&](const torch::Tensor& found, const torch::Tensor& rows) {
    return (found - y.index_select(0, rows)).square().mean(c10::IntArrayRef{1, 2}).sum();
  });
  const auto shares = torch::arange(1, kClasses, torch::kFloat) / kClasses;
  edges_ = torch::quantile(y, shares, 0).t().contiguous();
  const auto classes = classes_of(y);
  frequent_ = std::get<0>(classes.mode(0));
  const auto surprise = [&](const torch::Tensor& found, const torch::Tensor& rows) {
    const auto wanted = classes.index_select(0, rows).unsqueeze(0).expand({kNetworks, -1, -1});
    return kNetworks * torch::nn::functional::cross_entropy(found.reshape({-1, kClasses}), wanted.reshape({-1}));
  };
  class_weights_ = trained_on(x, y.size(1) * kClasses, kClassBatch, surprise);
}

template <class Loss>
std::vector<torch::Tensor> Probe::trained_on(const torch::Tensor& x, int64_t outputs, int64_t batch,
                                              const Loss& loss) const {
  std::vector<torch::Tensor> weights;
  int64_t width = x.size(1);
  for (const int64_t next : {int64_t(kWidth), int64_t(kWidth), outputs}) {
    weights.push_back((torch::randn({kNetworks, width, next}) / std::sqrt(double(width))).requires_grad_());
    weights.push_back(torch::zeros({kNetworks, 1, next}).requires_grad_());
    width = next;
  }
  torch::optim::Adam adam(weights, torch::optim::AdamOptions(2e-3).weight_decay(1e-5));
  for (int step = 0; step < kSteps; ++step) {
    const auto rows = torch::randint(x.size(0), {std::min(batch, x.size(0))}, torch::kLong);
    adam.zero_grad();
    loss(predict(x.index_select(0, rows), weights), rows).backward();
    adam.step();
  }
  return weights;
}

torch::Tensor Probe::predict(const torch::Tensor& latent, const std::vector<torch::Tensor>& weights) const {
  auto x = (latent - mean_) / deviation_;
  for (size_t i = 0; i < weights.size(); i += 2) {
    x = torch::matmul(x, weights[i]) + weights[i + 1];
    if (i + 2 < weights.size()) x = torch::relu(x);
  }
  return x;
}

torch::Tensor Probe::classes_of(const torch::Tensor& positions) const {
  std::vector<torch::Tensor> out;
  for (int64_t k = 0; k < positions.size(1); ++k)
    out.push_back(torch::bucketize(positions.select(1, k).contiguous(), edges_[k].contiguous()));
  return torch::stack(out, 1);
}

std::vector<double> Probe::r2(const torch::Tensor& latent, const Measured& measured) const {
  const torch::NoGradGuard no_grad;
  std::vector<double> out(scales_.size(), kUndefined);
  if (weights_.empty()) return out;
  const Frames frames = frames_of(latent, measured);
  if (!frames.latent.size(0)) return out;
  const auto error = (predict(frames.latent, weights_) - frames.positions).square().mean(c10::IntArrayRef{0, 1});
  for (size_t k = 0; k < out.size(); ++k)
    if (const double variance = variance_[int64_t(k)].item<double>(); variance > 1e-6)
      out[k] = 1 - error[int64_t(k)].item<double>() / variance;
  return out;
}

std::vector<double> Probe::accuracy(const torch::Tensor& latent, const Measured& measured) const {
  const torch::NoGradGuard no_grad;
  std::vector<double> out(scales_.size(), kUndefined);
  if (weights_.empty()) return out;
  const Frames frames = frames_of(latent, measured);
  const int64_t count = frames.latent.size(0), controls = int64_t(scales_.size());
  if (!count) return out;
  const auto found = predict(frames.latent, class_weights_).reshape({kNetworks, count, controls, kClasses}).argmax(3);
  const auto right = (found == classes_of(frames.positions)).to(torch::kDouble).mean(c10::IntArrayRef{0, 1});
  for (size_t k = 0; k < out.size(); ++k)
    if (variance_[int64_t(k)].item<double>() > 1e-6) out[k] = right[int64_t(k)].item<double>();
  return out;
}

double Probe::chance(const torch::Tensor& latent, const Measured& measured) const {
  if (weights_.empty()) return kUndefined;
  const Frames frames = frames_of(latent, measured);
  if (!frames.latent.size(0)) return kUndefined;
  return (classes_of(frames.positions) == frequent_).to(torch::kDouble).mean().item<double>();
}

}  // namespace nr
