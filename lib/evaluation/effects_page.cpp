// The page of effects: dry, wet and what each model makes of them, and where the latents lie.
#include <torch/torch.h>

#include <algorithm>

#include "evaluation/effects.h"
#include "evaluation/page.h"
#include "evaluation/sound_card.h"
#include "evaluation/tsne.h"
#include "nn/floats.h"
#include "report/scatter.h"

namespace nr {

using report::Cell;
using report::element;
using report::Markup;

namespace {

constexpr int64_t kPoints = 400;

int place_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return int(found - names.begin());
  names.push_back(name);
  return int(names.size()) - 1;
}

// By kind of effect, by thirds of its first knob's range, and by clip.
report::Scatter scatter_of(const EffectsSubject& s, const EffectPairs& pairs, const torch::Tensor& points,
                           const std::string& note) {
  report::Scatter out{s.facts.run, note, {}, {}, {}};
  report::Colouring kind{"effect", {}, {}}, knob{"knob", {"none", "low", "middle", "high"}, {}}, clip{"clip", {}, {}};
  const auto positions = s.system->space().positions(pairs.parameters);
  const int64_t n = std::min(kPoints, points.size(0)), d = points.size(1);
  for (int64_t i = 0; i < n; ++i) {
    const auto at = [&](int64_t k) { return k < d ? points[i][k].item<double>() : 0.0; };
    out.points.push_back({at(0), at(1), at(2)});
    out.labels.push_back(pairs.names[size_t(i)] + ": " + describe(pairs.links[size_t(i)]));
    kind.classes.push_back(place_of(kind.names, pairs.kinds[size_t(i)]));
    clip.classes.push_back(place_of(clip.names, "clip " + std::to_string(pairs.clip[size_t(i)] + 1)));
    int third = 0;
    for (int64_t c = 0; c < positions.size(1) && third == 0; ++c)
      if (pairs.mask[i][c].item<float>() > 0 &&
          s.system->space().columns()[size_t(c)].kind == SynthParameter::Kind::kContinuous)
        third = 1 + std::min(2, int(3 * positions[i][c].item<double>()));
    knob.classes.push_back(third);
  }
  out.colourings = {kind, knob, clip};
  return out;
}

std::vector<float> sound_of(const EffectsSubject& s, const torch::Tensor& mel) {
  return floats_of(s.system->spectrogram().sound(mel, s.system->model().griffin_lim)[0]);
}

Markup example_of(const EffectPairs& pairs, const std::vector<EffectsShown>& shown, int64_t i, int index) {
  const EffectsSubject& first = *shown[0].subject;
  const int rate = first.config.data.sample_rate;
  const std::vector<float> dry = floats_of(pairs.dry[i]), wet = floats_of(pairs.wet[i]);
  const double top = std::max(brightest(dry, rate), brightest(wet, rate));
  Markup cards = sound_card("Dry", dry, rate, top) + sound_card("Wet", wet, rate, top) +
                 sound_card("Wet, spectrogram made to sound", sound_of(first, shown[0].seen.wet.narrow(0, i, 1)), rate,
                            top);
  for (const EffectsShown& model : shown) {
    EffectsSystem& system = *model.subject->system;
    const std::string& run = model.subject->facts.run;
    const auto one = [&](const torch::Tensor& x) { return x.narrow(0, i, 1); };
    const auto made = system.wet_of(one(model.seen.dry), one(pairs.parameters), one(pairs.mask)),
               taken = system.dry_of(one(model.seen.wet), one(pairs.parameters), one(pairs.mask));
    if (made.defined()) cards += sound_card(run + ": effect put on", sound_of(*model.subject, made), rate, top);
    if (taken.defined()) cards += sound_card(run + ": effect taken off", sound_of(*model.subject, taken), rate, top);
    if (model.inferred.sounds.empty()) continue;
    const Links links = system.labels().links(floats_of(model.inferred.values[i]).data());
    cards += sound_card(run + " infers " + describe(links), model.inferred.sounds[size_t(i)], rate, top);
  }
  return element("h2", {}, "Example " + std::to_string(index) + ": " + pairs.names[size_t(i)]) +
         element("p", {{"class", "note"}}, describe(pairs.links[size_t(i)])) +
         element("div", {{"class", "cards"}}, cards);
}

}  // namespace

std::string effects_page(const std::vector<RunResult>& results, const EffectPairs& pairs,
                         const std::vector<EffectsShown>& shown, const EvaluationConfig& config) {
  const EffectsSubject& first = *shown[0].subject;
  Markup body = element(
      "header", {},
      element("h1", {}, first.facts.run) +
          element("p", {{"class", "lead"}},
                  "Sounds that no model was trained on, dry and behind an effect. A model puts the effect on or takes "
                  "it off, as a spectrogram that Griffin-Lim makes to sound; or it infers the effect, which is then "
                  "applied again."));
  body += model_section(results) + numbers_section(results, config);
  body += element("h2", {}, "Where the latents lie") +
          element("p", {{"class", "note"}},
                  "The wet test sounds. Left: the first three principal components, to be turned. Right: a plane by "
                  "t-SNE. Coloured by effect, by its first knob, or by the dry clip. A click on a point plays "
                  "its sound.");
  Markup plots;
  const auto sounds = wavs_of_points(std::min(kPoints, pairs.wet.size(0)), first.config.data.sample_rate,
                                     [&](int64_t i) { return floats_of(pairs.wet[i]); });
  for (const EffectsShown& model : shown) {
    const auto some = model.seen.wet_latent.narrow(0, 0, std::min(kPoints, model.seen.wet_latent.size(0)));
    const auto plot = [&](const torch::Tensor& points, const char* note) {
      plots += report::scatter_plot(scatter_of(*model.subject, pairs, points, note));
    };
    plot(principal_components(some), "principal components");
    if (some.size(0) >= 4) plot(tsne(some), "t-SNE");
  }
  body += element("div", {{"class", "cards"}}, plots) + report::scatter_script(sounds);
  const int64_t n = pairs.dry.size(0);
  for (int e = 0; e < config.examples; ++e)
    body += example_of(pairs, shown, std::min(n - 1, (2 * e + 1) * n / (2 * config.examples)), e + 1);
  std::vector<TrainingCurves> training;
  for (const EffectsShown& model : shown)
    training.push_back({model.subject->facts.run, read_journal(model.subject->folder / "journal.jsonl")});
  body += training_section(training);
  for (const RunResult& run : results) body += every_number(run);
  return report::page(first.facts.run, body);
}

}  // namespace nr
