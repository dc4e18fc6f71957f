#include "losses/table.h"

#include <torch/torch.h>

#include <cmath>

#include "losses/adversarial.h"
#include "losses/descriptors.h"
#include "losses/fader.h"
#include "losses/names.h"
#include "losses/stft.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

torch::Tensor multiband_stft(const LossInput& in) {
  return spectral_distance(in.outputs.bands, in.outputs.decoded.bands, in.settings.band_stft_sizes);
}

torch::Tensor fullband_stft(const LossInput& in) {
  return spectral_distance(in.outputs.audio, in.outputs.decoded.audio, in.settings.stft_sizes);
}

torch::Tensor mel_mse(const LossInput& in) { return F::mse_loss(in.outputs.decoded.bands, in.outputs.bands); }

// Sum over latents, mean over batch and time; without the factor 1/2, as RAVE's code and its published weights have it.
torch::Tensor kl(const LossInput& in) {
  const auto& [mean, std] = in.outputs.posterior;
  const auto variance = std.pow(2);
  return (mean.pow(2) + variance - torch::log(variance) - 1).sum(1).mean();
}

// Maximum mean discrepancy between the latents of all frames and as many draws of N(0, 1), unbiased, with sums of inverse multiquadrics
// C / (C + |x - y|^2) (Wasserstein Auto-Encoders, arXiv:1711.01558, algorithm 2 and section 4; C = 2 dimensions, times these scales).
torch::Tensor mmd(const LossInput& in) {
  constexpr int64_t kMost = 512;  // frames: the kernel's matrix has their square
  auto z = in.outputs.latent.transpose(1, 2).reshape({-1, in.outputs.latent.size(1)});
  if (z.size(0) > kMost) z = z.index_select(0, torch::randperm(z.size(0), z.options().dtype(torch::kLong)).narrow(0, 0, kMost));
  const int64_t n = z.size(0);
  const auto prior = torch::randn_like(z);
  const auto squared_distance = [](const torch::Tensor& a, const torch::Tensor& b) {
    return (a.pow(2).sum(1, true) + b.pow(2).sum(1).unsqueeze(0) - 2 * torch::matmul(a, b.t())).clamp_min(0);
  };
  const auto zz = squared_distance(z, z), pp = squared_distance(prior, prior), zp = squared_distance(z, prior);
  const auto others = 1 - torch::eye(n, z.options());
  auto sum = torch::zeros({}, z.options());
  for (const double scale : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0}) {
    const double c = scale * 2 * double(z.size(1));
    sum = sum + ((c / (c + zz) + c / (c + pp)) * others).sum() / double(n * (n - 1)) - 2 * (c / (c + zp)).mean();
  }
  return sum;
}

// Smooth L1 (beta 0.1 of the half range) between asked and measured controls where the request sounds. A request clipped at the
// end of its range asks for "at least" or "at most".
torch::Tensor exchange_consistency(const LossInput& in) {
  const LossSettings& s = in.settings;
  const auto audio = in.outputs.exchanged;
  const int64_t frames = (audio.size(-1) - s.delay) / s.latent_hop;
  const auto heard = measure_descriptors(audio.narrow(-1, s.delay, frames * s.latent_hop), s.controls, s.framing, s.latent_hop);
  // The first and last frames look past the crop's ends.
  const auto asked = in.outputs.asked.narrow(-1, 1, frames - 2), active = in.outputs.asked_active.narrow(-1, 1, frames - 2);
  auto sum = torch::zeros({}, audio.options());
  for (size_t i = 0; i < s.scales.size(); ++i) {
    const Scale& scale = s.scales[i];
    const auto want = asked.select(1, i);
    auto error = (heard.select(1, i).narrow(-1, 1, frames - 2) - scale.low) * (2 / (scale.high - scale.low)) - 1 - want;
    error = torch::where(want <= -1, error.clamp_min(0), torch::where(want >= 1, error.clamp_max(0), error));
    const auto loss = F::smooth_l1_loss(error, torch::zeros_like(error), F::SmoothL1LossFuncOptions(torch::kNone), 0.1);
    const auto sounds = active.select(1, i);
    const auto mask = s.controls[i] == "rms" ? torch::ones_like(sounds) : sounds;  // silence has a level, but no colour
    sum = sum + (loss * mask).sum() / mask.sum().clamp_min(1);
  }
  return sum / double(s.scales.size());
}

}  // namespace

const Table<Loss>& losses() {
  static const Table<Loss> table{"loss",
                                 {
                                     {"multiband_stft", multiband_stft, "", false},
                                     {"fullband_stft", fullband_stft, "", false},
                                     {"mel_mse", mel_mse, "", false, {}, Compares::kSpectrograms},
                                     {"kl", kl, "", false, {}, Compares::kLatents},
                                     {"mmd", mmd, "", false, {}, Compares::kLatents},
                                     {"attribute_prediction", attribute_prediction, "latent_discriminator", false, {"latent_discriminator"}, Compares::kLatents},
                                     {"fader_confusion", fader_confusion, "latent_discriminator", false, {"encoder"}, Compares::kLatents},
                                     {"fader_uniform", fader_uniform, "latent_discriminator", false, {"encoder"}, Compares::kLatents},
                                     {"fader_reversal", fader_reversal, "latent_discriminator", false, {"encoder", "latent_discriminator"}, Compares::kLatents},
                                     {"exchange_consistency", exchange_consistency, "", true},
                                     {"adversarial_discriminator", adversarial_discriminator, "waveform_discriminator", false, {"waveform_discriminator"}},
                                     {"adversarial_generator", adversarial_generator, "waveform_discriminator", false, {"decoder"}},
                                     {"feature_matching", feature_matching, "waveform_discriminator", false, {"decoder"}},
                                     {"feature_matching_relative", feature_matching_relative, "waveform_discriminator", false, {"decoder"}},
                                 }};
  return table;
}

std::vector<std::string> loss_names() { return losses().names(); }

LossNeeds loss_needs(const std::string& name) {
  const Loss& loss = losses().at(name);
  return {loss.judge, loss.exchange, {loss.teaches.begin(), loss.teaches.end()}, loss.compares};
}

}  // namespace nr
