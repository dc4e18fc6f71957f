#include "evaluation/macro_controls.h"

#include <torch/torch.h>

#include <algorithm>

#include "systems/synthesizer.h"

namespace nr {
namespace {

constexpr double kEnd = 4;   // of a sweep, in standard deviations of the prior
constexpr int kSteps = 41;
constexpr size_t kShown = 5;

MacroControl sweep_of(SynthesizerSystem& system, int dimension) {
  MacroControl out;
  out.dimension = dimension;
  const auto ramp = torch::linspace(-kEnd, kEnd, kSteps);
  auto latent = torch::zeros({kSteps, system.latent_size()});
  latent.select(1, dimension).copy_(ramp);
  const auto positions = system.infer_latent(latent).to(torch::kDouble).contiguous();
  const auto deviation = positions.std(0, false);
  out.movement = deviation.mean().item<double>();
  for (int i = 0; i < kSteps; ++i) out.latent.push_back(ramp[i].item<double>());
  const auto order = deviation.argsort(0, true);
  for (int64_t k = 0; k < std::min<int64_t>(kShown, order.size(0)); ++k) {
    const int64_t p = order[k].item<int64_t>();
    const auto curve = positions.select(1, p).contiguous();
    out.parameters.push_back(system.space().columns()[size_t(p)].name);
    out.curves.emplace_back(curve.data_ptr<double>(), curve.data_ptr<double>() + kSteps);
  }
  return out;
}

}  // namespace

std::vector<MacroControl> macro_controls(SynthesizerSystem& system, const Resynthesis& synth, int most) {
  if (system.latent_size() == 0 || system.draws()) return {};
  const torch::NoGradGuard no_grad;
  std::vector<MacroControl> out;
  for (int d = 0; d < system.latent_size(); ++d) out.push_back(sweep_of(system, d));
  std::stable_sort(out.begin(), out.end(),
                   [](const MacroControl& a, const MacroControl& b) { return a.movement > b.movement; });
  out.resize(std::min(out.size(), size_t(most)));
  for (MacroControl& macro : out) {
    std::vector<std::vector<double>> presets;
    const std::vector<double> places{-3, 0, 3};
    for (const double place : places) {
      auto latent = torch::zeros({1, system.latent_size()});
      latent[0][macro.dimension] = place;
      const auto values = system.space().values(system.infer_latent(latent))[0].contiguous();
      presets.push_back(synth.values({values.data_ptr<float>(), values.data_ptr<float>() + values.numel()}));
    }
    const std::vector<Rendering> notes = synth.play(presets);
    for (size_t i = 0; i < notes.size(); ++i) macro.sounds.emplace_back(places[i], notes[i].samples);
  }
  return out;
}

}  // namespace nr
