#include "losses/table.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "descriptors/intonation.h"
#include "losses/adversarial.h"
#include "losses/effects.h"
#include "losses/fader.h"
#include "losses/measured.h"
#include "losses/mmd.h"
#include "losses/notes.h"
#include "losses/stft.h"
#include "losses/synthesizer.h"
#include "losses/vocoder.h"
#include "nn/latent.h"
#include "nn/prior.h"
#include "nn/ranks.h"
#include "run/names.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

torch::Tensor multiband_stft(const LossInput& in) {
  return spectral_distance(in.values["target.bands"], in.values["decoded.bands"], in.settings.band_stft_sizes);
}

torch::Tensor fullband_stft(const LossInput& in) {
  return spectral_distance(in.values["target.audio"], in.values["decoded.audio"], in.settings.stft_sizes);
}

// As of virtual analogue models (Wright et al. 2020, doi:10.3390/app10030766, without its pre-emphasis).
torch::Tensor error_to_signal(const LossInput& in) {
  const torch::Tensor target = in.values["target.audio"];
  return (target - in.values["decoded.audio"]).pow(2).sum() / target.pow(2).sum().clamp_min(1e-8);
}

torch::Tensor mel_mse(const LossInput& in) { return F::mse_loss(in.values["decoded.mel"], in.values["target.mel"]); }

// Sum over latents, mean over batch and time. Without the factor 1/2, as in RAVE's code and its published weights.
torch::Tensor kl(const LossInput& in) {
  return twice_kl({in.values["posterior.mean"], in.values["posterior.std"]}).sum(1).mean();
}

// How the differentiable controls of a sound follow a request, [n, controls, latent frames without the first and the
// last, whose measurements look past the crop's ends].
struct Answer {
  std::vector<std::string> controls;
  // In the control's range [-1, 1]. A request at an end of the range asks for "at least" or "at most".
  torch::Tensor asked, error;
  torch::Tensor sounds;  // 1 where the request counts
};

Answer answer(const LossSettings& s, const torch::Tensor& measured, const torch::Tensor& asked,
              const torch::Tensor& active) {
  const int64_t frames = measured.size(-1);
  Answer out;
  out.controls = differentiable(s.controls);
  std::vector<int64_t> rows;
  for (size_t i = 0; i < s.controls.size(); ++i)
    if (std::find(out.controls.begin(), out.controls.end(), s.controls[i]) != out.controls.end())
      rows.push_back(int64_t(i));
  const auto inner = [&](const torch::Tensor& t) { return t.narrow(-1, 1, frames - 2); };
  const auto row = torch::tensor(rows, asked.options().dtype(torch::kLong).requires_grad(false));
  out.asked = inner(asked).index_select(1, row);
  const auto error = inner(measured) - out.asked;
  out.error =
      torch::where(out.asked <= -1, error.clamp_min(0), torch::where(out.asked >= 1, error.clamp_max(0), error));
  out.sounds = inner(active).expand({-1, asked.size(1), -1}).index_select(1, row);
  return out;
}

Answer to_exchange(const LossInput& in) {
  return answer(in.settings, in.values["exchanged.descriptors"], in.values["exchanged.controls"],
                in.values["exchanged.active"]);
}

Answer to_own(const LossInput& in) {
  return answer(in.settings, in.values["decoded.descriptors"], in.values["batch.controls"],
                in.values["batch.active"].unsqueeze(1));
}

// Mean over the controls of x, which has clips and frames summed by `mask`: [n, controls, frames] each.
torch::Tensor mean_by_control(const torch::Tensor& x, const torch::Tensor& mask, const Answer& a,
                              const LossSettings& s) {
  const std::vector<int64_t> clips{0, 2};
  std::vector<double> weights;
  for (const std::string& control : a.controls) weights.push_back(s.weights.count(control) ? s.weights.at(control) : 1);
  const auto w = torch::tensor(weights, x.options().requires_grad(false));
  return ((x * mask).sum(clips) / mean_over_ranks(mask.sum(clips)).clamp_min(1) * w).sum() / w.sum();
}

// Smooth L1, beta 0.1 of the half range, where the request sounds.
torch::Tensor consistency(const Answer& a, const LossSettings& s) {
  const auto loss =
      F::smooth_l1_loss(a.error, torch::zeros_like(a.error), F::SmoothL1LossFuncOptions(torch::kNone), 0.1);
  auto mask = a.sounds.clone();
  for (size_t i = 0; i < a.controls.size(); ++i)
    if (a.controls[i] == "rms") mask.select(1, i).fill_(1);  // silence has a level, but no colour
  return mean_by_control(loss, mask, a, s);
}

// Standard deviation of the error within a clip over that of the request: sqrt(2 - 2 r) for an answer of the right size
// with the Pearson correlation r. A small movement weighs as much as a large one. The floor kLeast is the least
// movement that evaluation/ counts.
torch::Tensor movement(const Answer& a, const LossSettings& s) {
  constexpr double kLeast = 0.06;     // of a range of 2: kLeastDeviation of evaluation/curves.h
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

// Mean over the frames that sound, without the first and the last. away: [n, frames], active: [n, controls, frames].
torch::Tensor periodicity(const LossSettings& s, const torch::Tensor& away, const torch::Tensor& active) {
  const int64_t frames = away.size(-1),
                row = std::find(s.controls.begin(), s.controls.end(), "pitch") - s.controls.begin();
  const auto mask = active.select(1, row).narrow(-1, 1, frames - 2);
  return (away.narrow(-1, 1, frames - 2) * mask).sum() / mean_over_ranks(mask.sum()).clamp_min(1);
}

torch::Tensor exchange_periodicity(const LossInput& in) {
  return periodicity(in.settings, in.values["exchanged.aperiodicity"], in.values["exchanged.active"]);
}
torch::Tensor reconstruction_periodicity(const LossInput& in) {
  const auto& controls = in.values["batch.controls"];
  return periodicity(in.settings, in.values["decoded.aperiodicity"],
                     in.values["batch.active"].unsqueeze(1).expand_as(controls));
}

// Share of the target's voiced frames in which the decoded sound is not within 50 cents of its pitch; NaN where the
// target has too few. Of at most 4 clips of a batch.
torch::Tensor out_of_tune(const LossInput& in) {
  const auto clips = [&](const char* name) {
    const auto& audio = in.values[name];
    return audio.detach().narrow(0, 0, std::min<int64_t>(4, audio.size(0))).to(torch::kCPU, torch::kFloat).contiguous();
  };
  const auto target = clips("target.audio"), decoded = clips("decoded.audio");
  const int64_t samples = target.size(-1);
  std::vector<Intonation> found(size_t(target.size(0)));
  parallel_for(found.size(), [&](size_t i) {
    Swipe swipe(in.settings.sample_rate);
    const auto track = [&](const torch::Tensor& audio) {
      const float* first = audio.data_ptr<float>() + int64_t(i) * samples;
      return swipe.track({first, first + samples});
    };
    found[i] = intonation(track(target), track(decoded));
  });
  Intonation all;
  for (const Intonation& one : found) all.voiced += one.voiced, all.in_tune += one.in_tune;
  return torch::tensor(1 - all.share(), torch::kFloat);
}

// Minus the log-likelihood of a prior's next levels, nats a dimension and frame; and what the training split's
// histogram gives, whatever came before: the floor that a prior must fall below.
torch::Tensor nats(const LossInput& in) { return part<Prior>(in.parts, "prior").nats(in.values["tokens"]).mean(); }
torch::Tensor marginal_nats(const LossInput& in) {
  return part<Prior>(in.parts, "prior").marginal_nats(in.values["tokens"]).mean();
}

}  // namespace

const Table<Loss>& losses() {
  using Names = std::vector<const char*>;
  static const Names own{"decoded.descriptors", "batch.controls", "batch.active"};
  static const Names exchanged{"exchanged.descriptors", "exchanged.controls", "exchanged.active"};
  static const Names latent_discriminator{"latent", "batch.classes", "latent_discriminator"};
  static const Names waveform_discriminator{"target.audio", "decoded.audio", "waveform_discriminator"};
  static const Table<Loss> table{
      "loss",
      {
          {"multiband_stft", multiband_stft, {"target.bands", "decoded.bands"}},
          {"fullband_stft", fullband_stft, {"target.audio", "decoded.audio"}},
          {"error_to_signal", error_to_signal, {"target.audio", "decoded.audio"}},
          {"mel_mse", mel_mse, {"target.mel", "decoded.mel"}},
          {"kl", kl, {"posterior.mean", "posterior.std"}},
          {"mmd", mmd, {"latent"}},
          {"fader_discriminator", fader_discriminator, latent_discriminator, {"latent_discriminator"}},
          {"fader_confusion", fader_confusion, latent_discriminator, {"encoder"}},
          {"fader_uniform", fader_uniform, latent_discriminator, {"encoder"}},
          {"fader_reversal", fader_reversal, latent_discriminator, {"encoder", "latent_discriminator"}},
          {"exchange_consistency", exchange_consistency, exchanged},
          {"exchange_movement", exchange_movement, exchanged},
          {"exchange_periodicity", exchange_periodicity, {"exchanged.aperiodicity", "exchanged.active"}},
          {"reconstruction_consistency", reconstruction_consistency, own},
          {"reconstruction_movement", reconstruction_movement, own},
          {"reconstruction_periodicity",
           reconstruction_periodicity,
           {"decoded.aperiodicity", "batch.controls", "batch.active"}},
          {"adversarial_discriminator", adversarial_discriminator, waveform_discriminator, {"waveform_discriminator"}},
          {"adversarial_generator", adversarial_generator, waveform_discriminator, {"decoder"}},
          {"feature_matching", feature_matching, waveform_discriminator, {"decoder"}},
          {"feature_matching_relative", feature_matching_relative, waveform_discriminator, {"decoder"}},
          {"out_of_tune", out_of_tune, {"target.audio", "decoded.audio"}, {}, true},
          {"nats", nats, {"tokens", "prior"}, {"prior"}},
          {"marginal_nats", marginal_nats, {"tokens", "prior"}},
          {"parameter_mse",
           parameter_mse,
           {"inferred.continuous", "parameters.continuous", "parameters.continuous_mask"}},
          {"parameter_choices", parameter_choices, {"inferred.choice_nats"}},
          {"parameter_gaussian",
           parameter_gaussian,
           {"inferred.continuous", "inferred.deviation", "parameters.continuous", "parameters.continuous_mask"}},
          {"parameter_kl",
           parameter_kl,
           {"inferred.continuous", "inferred.deviation", "inferred.target_deviation", "parameters.continuous",
            "parameters.continuous_mask"}},
          {"deviation_kl", deviation_kl, {"inferred.deviation_kl"}},
          {"amortisation_kl", amortisation_kl, {"inferred.amortisation_kl"}},
          {"parameter_prior", parameter_prior, {"inferred.continuous", "inferred.log_det"}},
          {"flow_volume", flow_volume, {"inferred.log_det", "inferred.continuous"}},
          {"flow_kl", flow_kl, {"latent.encoded", "latent.base", "latent.log_det", "posterior.mean", "posterior.std"}},
          {"tag_density", tag_density, {"latent", "batch.tags", "disentangled.log_det", "disentangled.deviation"}},
          {"token_sparsity", token_sparsity, {"velocity.assignment"}},
          {"flow_matching", flow_matching, {"velocity.given", "velocity.wanted", "velocity.mask"}},
          {"note_classification", note_classification, {"target.mel", "condition", "classifier"}, {"classifier"}},
          {"exchange_classification",
           exchange_classification,
           {"exchanged.mel", "exchanged.condition", "classifier"},
           {"decoder"}},
          {"shift_outside", shift_outside, {"shift", "shift.asked"}},
          {"shift_within", shift_within, {"shift", "shift.asked"}},
          {"moved_mse", moved_mse, {"moved.mel", "wet.mel"}},
          {"total_correlation", total_correlation, {"latent", "critic"}, {"encoder"}},
          {"total_correlation_critic", total_correlation_critic, {"latent", "critic"}, {"critic"}},
          {"spectral_convergence", spectral_convergence, {"target.audio", "decoded.audio"}},
          {"log_magnitude", log_magnitude, {"target.audio", "decoded.audio"}},
          {"instantaneous_frequency", instantaneous_frequency, {"target.audio", "decoded.audio"}},
          {"weighted_phase", weighted_phase, {"target.audio", "decoded.audio"}},
          {"parameter_error",
           parameter_error,
           {"inferred.positions", "parameters.positions", "batch.parameter_mask"},
           {},
           true},
      }};
  return table;
}

std::vector<std::string> loss_names() { return losses().names(); }

}  // namespace nr
