#include "systems/latents.h"

#include <torch/torch.h>

#include <cstdio>

namespace nr {

LatentSurvey survey_latents(Autoencoder& model, Loader& loader, int batches, torch::Device device) {
  const torch::NoGradGuard no_grad;
  model.encoder().eval();
  const int64_t latents = model.graphs().latent_size;
  const auto rows = [&](const torch::Tensor& t) {
    return t.transpose(1, 2).reshape({-1, latents}).to(torch::kCPU);
  };  // [frames, latent_size]
  std::vector<torch::Tensor> means, stds, levels;
  for (int i = 0; i < batches; ++i) {
    const torch::Tensor audio = loader.batch(i).audio;
    const Posterior posterior = model.encode(audio.to(device)).posterior;
    means.push_back(rows(posterior.mean));
    if (posterior.std.defined()) stds.push_back(rows(posterior.std));
    levels.push_back(audio.reshape({-1, model.graphs().hop}).pow(2).mean(1).clamp_min(1e-10).log());
  }
  LatentSurvey out;
  const torch::Tensor mean = torch::cat(means);
  out.space = analyse_latents(mean, torch::cat(levels));
  out.numbers["latent/for_95"] = out.space.components_for(0.95);
  if (stds.empty()) return out;
  const torch::Tensor nats = 0.5 * twice_kl({mean, torch::cat(stds)}).mean(0);
  out.numbers["latent/nats"] = nats.sum().item<double>();
  out.numbers["latent/active"] = (mean.var(0, false) > 0.01).sum().item<double>();
  for (int64_t d = 0; d < latents; ++d) {
    char key[32];
    std::snprintf(key, sizeof key, "latent/kl_%03lld", static_cast<long long>(d));
    out.numbers[key] = nats[d].item<double>();
  }
  return out;
}

}  // namespace nr
