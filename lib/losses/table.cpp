#include "losses/table.h"

#include <torch/torch.h>

#include <algorithm>
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

// How a sound obeys those of its knobs that have a differentiable twin, [n, controls, latent frames but the first and the last, which look
// past the crop's ends].
struct Answer {
  std::vector<std::string> controls;
  torch::Tensor asked, error;  // knob units; a request clipped at the end of its range asks for "at least" or "at most"
  torch::Tensor sounds;        // 1 where the request counts
};

Answer answer(const LossSettings& s, const torch::Tensor& audio, const torch::Tensor& asked, const torch::Tensor& active, torch::Tensor& heard) {
  const int64_t frames = (audio.size(-1) - s.delay) / s.latent_hop;
  const std::vector<std::string>& twins = differentiable_descriptors();
  Answer out;
  std::vector<int64_t> rows;
  std::vector<double> low, slope;
  for (size_t i = 0; i < s.controls.size(); ++i) {
    if (std::find(twins.begin(), twins.end(), s.controls[i]) == twins.end()) continue;
    out.controls.push_back(s.controls[i]), rows.push_back(int64_t(i));
    low.push_back(s.scales[i].low), slope.push_back(2 / (s.scales[i].high - s.scales[i].low));
  }
  if (!heard.defined()) {
    const auto column = [&](const std::vector<double>& v) { return torch::tensor(v, audio.options().requires_grad(false)).unsqueeze(-1); };
    const auto physical = measure_descriptors(audio.narrow(-1, s.delay, frames * s.latent_hop), out.controls, s.framing, s.latent_hop);
    heard = (physical - column(low)) * column(slope) - 1;
  }
  const auto inner = [&](const torch::Tensor& t) { return t.narrow(-1, 1, frames - 2); };
  const auto row = torch::tensor(rows, asked.options().dtype(torch::kLong).requires_grad(false));
  out.asked = inner(asked).index_select(1, row);
  const auto error = inner(heard) - out.asked;
  out.error = torch::where(out.asked <= -1, error.clamp_min(0), torch::where(out.asked >= 1, error.clamp_max(0), error));
  out.sounds = inner(active).expand({-1, asked.size(1), -1}).index_select(1, row);
  return out;
}

Answer to_exchange(const LossInput& in) {
  const Outputs& o = in.outputs;
  return answer(in.settings, o.exchanged, o.asked, o.asked_active, in.heard_exchanged);
}

Answer to_own(const LossInput& in) {
  return answer(in.settings, in.outputs.decoded.audio, in.batch.controls, in.batch.active.unsqueeze(1), in.heard_own);
}

// Mean over the controls of x, which has clips and frames summed by `mask`: [n, controls, frames] each.
torch::Tensor mean_by_control(const torch::Tensor& x, const torch::Tensor& mask, const Answer& a, const LossSettings& s) {
  const std::vector<int64_t> clips{0, 2};
  std::vector<double> weights;
  for (const std::string& control : a.controls) weights.push_back(s.weights.count(control) ? s.weights.at(control) : 1);
  const auto w = torch::tensor(weights, x.options().requires_grad(false));
  return ((x * mask).sum(clips) / mask.sum(clips).clamp_min(1) * w).sum() / w.sum();
}

// Smooth L1, beta 0.1 of the half range, where the request sounds.
torch::Tensor consistency(const Answer& a, const LossSettings& s) {
  const auto loss = F::smooth_l1_loss(a.error, torch::zeros_like(a.error), F::SmoothL1LossFuncOptions(torch::kNone), 0.1);
  auto mask = a.sounds.clone();
  for (size_t i = 0; i < a.controls.size(); ++i)
    if (a.controls[i] == "rms") mask.select(1, i).fill_(1);  // silence has a level, but no colour
  return mean_by_control(loss, mask, a, s);
}

// Deviation of the error within a clip over that of the request: sqrt(2 - 2 r) for an answer of the right size with the Pearson
// correlation r. A small movement counts as much as a large one, down to what evaluation/ leaves out as none.
torch::Tensor movement(const Answer& a, const LossSettings& s) {
  constexpr double kLeast = 0.06;     // knob units: curves.h's kLeastDeviation of the range
  constexpr int kFewestFrames = 4;    // a crop is shorter than a clip
  const auto count = a.sounds.sum(-1, true);
  const auto variance = [&](const torch::Tensor& x) {
    const auto mean = (x * a.sounds).sum(-1, true) / count.clamp_min(1);
    return ((x - mean).square() * a.sounds).sum(-1, true) / count.clamp_min(1);
  };
  const auto counts = (count >= kFewestFrames).to(a.error.scalar_type());
  const auto ratio = (variance(a.error) / (variance(a.asked) + kLeast * kLeast) + 1e-6).sqrt();
  return mean_by_control(ratio, counts, a, s);
}

torch::Tensor exchange_consistency(const LossInput& in) { return consistency(to_exchange(in), in.settings); }
torch::Tensor exchange_movement(const LossInput& in) { return movement(to_exchange(in), in.settings); }
torch::Tensor reconstruction_consistency(const LossInput& in) { return consistency(to_own(in), in.settings); }
torch::Tensor reconstruction_movement(const LossInput& in) { return movement(to_own(in), in.settings); }

// Of the frames that sound, all but the first and the last, how little they repeat with the asked pitch. asked, active: [n, controls, frames].
torch::Tensor periodicity(const LossSettings& s, const torch::Tensor& audio, const torch::Tensor& asked, const torch::Tensor& active) {
  const int64_t frames = (audio.size(-1) - s.delay) / s.latent_hop;
  const int64_t row = std::find(s.controls.begin(), s.controls.end(), "pitch") - s.controls.begin();
  const Scale& scale = s.scales.at(size_t(row));
  const auto hz = torch::exp2(scale.low + (asked.select(1, row) + 1) * (scale.high - scale.low) / 2);
  const auto away = aperiodicity(audio.narrow(-1, s.delay, frames * s.latent_hop), hz.narrow(-1, 0, frames), s.framing, s.latent_hop);
  const auto mask = active.select(1, row).narrow(-1, 1, frames - 2);
  return (away.narrow(-1, 1, frames - 2) * mask).sum() / mask.sum().clamp_min(1);
}

torch::Tensor exchange_periodicity(const LossInput& in) {
  return periodicity(in.settings, in.outputs.exchanged, in.outputs.asked, in.outputs.asked_active);
}
torch::Tensor reconstruction_periodicity(const LossInput& in) {
  return periodicity(in.settings, in.outputs.decoded.audio, in.batch.controls, in.batch.active.unsqueeze(1).expand_as(in.batch.controls));
}

}  // namespace

const Table<Loss>& losses() {
  const std::vector<std::string>& twins = differentiable_descriptors();
  static const Table<Loss> table{"loss",
                                 {
                                     {"multiband_stft", multiband_stft},
                                     {"fullband_stft", fullband_stft},
                                     {"mel_mse", mel_mse, "", Knobs::kNone, {}, Compares::kSpectrograms},
                                     {"kl", kl, "", Knobs::kNone, {}, Compares::kLatents},
                                     {"mmd", mmd, "", Knobs::kNone, {}, Compares::kLatents},
                                     {"attribute_prediction", attribute_prediction, "latent_discriminator", Knobs::kOwn, {"latent_discriminator"}, Compares::kLatents},
                                     {"fader_confusion", fader_confusion, "latent_discriminator", Knobs::kOwn, {"encoder"}, Compares::kLatents},
                                     {"fader_uniform", fader_uniform, "latent_discriminator", Knobs::kOwn, {"encoder"}, Compares::kLatents},
                                     {"fader_reversal", fader_reversal, "latent_discriminator", Knobs::kOwn, {"encoder", "latent_discriminator"}, Compares::kLatents},
                                     {"exchange_consistency", exchange_consistency, "", Knobs::kExchanged, {}, Compares::kWaveforms, twins},
                                     {"exchange_movement", exchange_movement, "", Knobs::kExchanged, {}, Compares::kWaveforms, twins},
                                     {"reconstruction_consistency", reconstruction_consistency, "", Knobs::kOwn, {}, Compares::kWaveforms, twins},
                                     {"reconstruction_movement", reconstruction_movement, "", Knobs::kOwn, {}, Compares::kWaveforms, twins},
                                     {"exchange_periodicity", exchange_periodicity, "", Knobs::kExchanged, {}, Compares::kWaveforms, {"pitch"}},
                                     {"reconstruction_periodicity", reconstruction_periodicity, "", Knobs::kOwn, {}, Compares::kWaveforms, {"pitch"}},
                                     {"adversarial_discriminator", adversarial_discriminator, "waveform_discriminator", Knobs::kNone, {"waveform_discriminator"}},
                                     {"adversarial_generator", adversarial_generator, "waveform_discriminator", Knobs::kNone, {"decoder"}},
                                     {"feature_matching", feature_matching, "waveform_discriminator", Knobs::kNone, {"decoder"}},
                                     {"feature_matching_relative", feature_matching_relative, "waveform_discriminator", Knobs::kNone, {"decoder"}},
                                 }};
  return table;
}

std::vector<std::string> loss_names() { return losses().names(); }

LossNeeds loss_needs(const std::string& name) {
  const Loss& loss = losses().at(name);
  return {loss.judge, loss.knobs, {loss.teaches.begin(), loss.teaches.end()}, loss.compares, loss.hears};
}

}  // namespace nr
