#include "systems/whole_notes.h"

#include <algorithm>

#include "nn/latent.h"
#include "nn/ranks.h"

namespace nr {

void check_mel_range(const SpectrogramConfig& model, const RunConfig& config, const config::Located& at) {
  if (!(model.low < std::min(model.high, config.data.sample_rate / 2.0)))
    at.fail("model.low", ": ", model.low, " Hz must be below model.high and half of data.sample_rate");
}

void check_whole_notes(const SpectrogramConfig& model, const RunConfig& config, const config::Located& at) {
  const int samples = model.frames * model.step;
  if (config.data.segment != samples)
    at.fail("data.segment", ": ", config.data.segment, " must be model.frames * model.step (", samples,
            "): an example is a whole note");
  if (samples % config.descriptors.hop)
    at.fail("descriptors.hop", ": ", config.descriptors.hop, " must divide data.segment (", samples, ")");
  check_mel_range(model, config, at);
}

void NoteLatent::add_posterior(Values& values) const {
  values.add({"posterior.mean", "posterior.std"}, [latent = *this]() mutable {
    const torch::AutoGradMode gradients(latent.learns && torch::GradMode::is_enabled());
    const torch::Tensor features = latent.features();
    torch::Tensor deviation;
    if (latent.scale) deviation = GaussianLatent::deviation(latent.scale->forward(features)).unsqueeze(2);
    return std::vector<torch::Tensor>{latent.mean->forward(features).unsqueeze(2), deviation};
  });
}

void NoteLatent::add_latent(Values& values) const {
  values.add({"latent"}, [latent = *this, &values] {
    const torch::AutoGradMode gradients(latent.learns && torch::GradMode::is_enabled());
    const auto &mean = values["posterior.mean"], &deviation = values["posterior.std"];
    if (!deviation.defined() || !latent.samples) return std::vector<torch::Tensor>{mean};
    return std::vector<torch::Tensor>{GaussianLatent::sample(mean, deviation, normal_like(mean))};
  });
}

}  // namespace nr
