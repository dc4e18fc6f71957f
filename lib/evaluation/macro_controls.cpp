#include "evaluation/macro_controls.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "descriptors/descriptor.h"
#include "evaluation/statistics.h"
#include "synth/similarity.h"

namespace nr {
namespace {

constexpr int kSweepPlaces = 41;
constexpr int64_t kParametersShown = 5;
constexpr size_t kMostSounds = 512;
const std::vector<std::string> kDescriptors{"rms", "centroid", "bandwidth", "flatness", "rolloff"};

MacroControl control_along(const SynthesizerSubject& s, const std::string& name, const LatentDirection& direction) {
  MacroControl out{name, direction, {}, {}, {}};
  const auto places = torch::linspace(-kDirectionEnd, kDirectionEnd, kSweepPlaces);
  const auto positions = s.system->infer_latent(direction.at(places)).to(torch::kDouble).contiguous();
  const auto deviation = positions.std(0, false);
  for (int i = 0; i < kSweepPlaces; ++i) out.places.push_back(places[i].item<double>());
  const auto order = deviation.argsort(0, true);
  for (int64_t k = 0; k < std::min<int64_t>(kParametersShown, order.size(0)); ++k) {
    const int64_t p = order[k].item<int64_t>();
    const auto curve = positions.select(1, p).contiguous();
    out.parameters.push_back(s.system->space().columns()[size_t(p)].name);
    out.curves.emplace_back(curve.data_ptr<double>(), curve.data_ptr<double>() + kSweepPlaces);
  }
  return out;
}

}  // namespace

LatentStatistics latent_statistics(const SynthesizerSubject& s) {
  const torch::NoGradGuard no_grad;
  LatentStatistics out;
  out.latents = training_latents(*s.system, *s.dataset, kMostSounds);
  out.deviation = out.latents.std(0, false);
  out.space = analyse_latents(out.latents, torch::ones({out.latents.size(0)}));
  return out;
}

MacroControl dimension_control(const SynthesizerSubject& s, const LatentStatistics& statistics, int dimension) {
  LatentDirection direction{statistics.latents.mean(0), torch::zeros_like(statistics.deviation)};
  direction.step[dimension] = statistics.deviation[dimension];
  direction.movement = movement_along(*s.system, direction);
  return control_along(s, text("dimension ", dimension), direction);
}

std::vector<MacroControl> ranked_components(const SynthesizerSubject& s, const LatentStatistics& statistics) {
  std::vector<MacroControl> out;
  for (const LatentDirection& d : ranked_directions(*s.system, statistics.space))
    out.push_back(control_along(s, text("component ", d.component + 1), d));
  return out;
}

HeardLine hear(const SynthesizerSubject& s, const MacroControl& control, const Resynthesis& synth,
               const torch::Tensor& from) {
  std::vector<double> places;
  for (int i = 0; i < kHeardSteps; ++i) places.push_back(kDirectionEnd * (2.0 * i / (kHeardSteps - 1) - 1));
  LatentDirection direction = control.direction;
  if (from.defined()) direction.middle = from;
  return hear_latents(s, direction.at(torch::tensor(places, torch::kFloat)), places, synth);
}

HeardLine hear_latents(const SynthesizerSubject& s, const torch::Tensor& latents, const std::vector<double>& places,
                       const Resynthesis& synth) {
  return hear_positions(s, s.system->infer_latent(latents), places, synth);
}

HeardLine hear_positions(const SynthesizerSubject& s, const torch::Tensor& positions,
                         const std::vector<double>& places, const Resynthesis& synth) {
  HeardLine out;
  out.places = places;
  for (const Rendering& note : synth.play(presets_of(s, positions, synth))) out.sounds.push_back(note.samples);
  for (const std::string& name : kDescriptors) {
    std::vector<double> values;
    for (const auto& sound : out.sounds) values.push_back(described(sound, synth.sample_rate(), name));
    out.descriptors.emplace_back(name, values);
  }
  return out;
}

std::vector<double> steps_of(const HeardLine& heard, int sample_rate) {
  const size_t steps = heard.sounds.empty() ? 0 : heard.sounds.size() - 1;
  std::vector<double> out(steps, kUndefined);
  parallel_for(steps, [&](size_t i) {
    const auto &a = heard.sounds[i], &b = heard.sounds[i + 1];
    if (!a.empty() && a.size() == b.size()) out[i] = mean_difference({a, sample_rate}, {b, sample_rate});
  });
  return out;
}

double described(const std::vector<float>& samples, int sample_rate, const std::string& descriptor) {
  if (samples.empty()) return kUndefined;
  const auto curves = analyse(samples, {"rms", descriptor}, {sample_rate, 1024, 1024});
  const std::vector<bool> active = active_frames(curves[0]);
  std::vector<double> values;
  for (size_t i = 0; i < active.size(); ++i)
    if (active[i] && !std::isnan(curves[1][i]))
      values.push_back(warp(descriptors().at(descriptor).warp, double(curves[1][i])));
  return mean(values);
}

}  // namespace nr
