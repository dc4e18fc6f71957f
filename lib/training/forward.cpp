#include "training/forward.h"

#include <torch/torch.h>

#include <optional>

namespace nr {
namespace {

// Half of the batch keeps its latent and gets the curves of other clips: all of them in half of the steps, else each with
// probability 1/2. A request counts where the clip it comes from sounds, and where the one that gives the level does.
void exchange_controls(Autoencoder& model, const Batch& batch, const std::vector<std::string>& controls, Random& random, Outputs& out) {
  const int64_t n = batch.audio.size(0), m = (n + 1) / 2;
  const int64_t shift = n > 1 ? 1 + random.below(n - 1) : 0;
  const auto take = [&](const torch::Tensor& t) { return torch::roll(t, -shift, 0).narrow(0, 0, m); };
  const bool all = random.uniform() < 0.5;
  auto swap = torch::zeros({m, int64_t(controls.size()), 1}, torch::kBool);
  for (int64_t i = 0; i < m; ++i)
    for (size_t k = 0; k < controls.size(); ++k) swap[i][k][0] = all || random.uniform() < 0.5;
  swap = swap.to(batch.audio.device());
  out.asked = torch::where(swap, take(batch.controls), batch.controls.narrow(0, 0, m));
  const auto own = batch.active.narrow(0, 0, m).unsqueeze(1), other = take(batch.active).unsqueeze(1);
  out.asked_active = torch::where(swap, other, own);
  auto level = own;
  for (size_t k = 0; k < controls.size(); ++k)
    if (controls[k] == "rms") level = out.asked_active.narrow(1, k, 1);
  out.asked_active = out.asked_active * level;
  out.exchanged = model.decode(out.latent.narrow(0, 0, m), out.asked).audio;
}

}  // namespace

Outputs forward(Autoencoder& model, const Batch& batch, const ForwardPlan& plan, const std::vector<std::string>& controls, Random& random) {
  Outputs out;
  {
    std::optional<torch::NoGradGuard> no_grad;
    if (plan.frozen_encoder) no_grad.emplace();
    auto encoded = model.encode(batch.audio);
    out.bands = encoded.bands.detach();
    out.posterior = encoded.posterior;
    out.latent = out.posterior.mean;
    if (plan.sample && out.posterior.std.defined()) out.latent = out.latent + out.posterior.std * torch::randn_like(out.latent);
  }
  if (model.graphs().stream()) {
    const torch::NoGradGuard no_grad;
    out.audio = model.synthesise(out.bands);
  }
  out.decoded = model.decode(out.latent, batch.controls);
  if (plan.exchange) exchange_controls(model, batch, controls, random, out);
  return out;
}

}  // namespace nr
