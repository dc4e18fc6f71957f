#include "evaluation/effect_rows.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/names.h"
#include "base/parallel.h"
#include "evaluation/note_measures.h"
#include "evaluation/sdr.h"
#include "evaluation/statistics.h"
#include "nn/floats.h"
#include "nn/position_search.h"
#include "synth/similarity.h"

namespace nr {
namespace {

constexpr size_t kKnobs = 40;  // pairs whose knob is moved
constexpr int kPlaces = 9;     // of a knob

// Mean band of the magnitudes, weighted by them: how bright a sound is, on the mel scale. [n, mels, frames] -> n.
std::vector<double> brightness(const torch::Tensor& magnitudes) {
  const auto bands = torch::arange(magnitudes.size(1), magnitudes.options()).reshape({1, -1, 1});
  const auto found = ((magnitudes * bands).sum({1, 2}) / magnitudes.sum({1, 2}).clamp_min(1e-12)).to(torch::kDouble);
  return {found.data_ptr<double>(), found.data_ptr<double>() + found.numel()};
}

// Is every effect of the pair one that the model knows?
bool known(const EffectsSubject& s, const EffectPairs& pairs, size_t i) {
  for (const size_t c : s.system->labels().choices())
    if (pairs.mask[int64_t(i)][int64_t(c)].item<float>() == 0) return false;
  return true;
}

std::vector<float> applied(const EffectsSubject& s, const EffectPairs& pairs, int64_t i, const std::vector<float>& v) {
  try {
    return apply(s.system->labels().links(v.data()), floats_of(pairs.dry[i]), s.config.data.sample_rate, pairs.level)
        .samples;
  } catch (const Error&) {
    return {};
  }
}

// Distance of what these positions [k, columns] sound like to the wet sound.
std::vector<double> distances(const EffectsSubject& s, const EffectPairs& pairs, int64_t i,
                              const MultiScaleLevels& wanted, const torch::Tensor& positions) {
  const auto values = s.system->space().values(positions);
  std::vector<double> out(size_t(positions.size(0)), std::numeric_limits<double>::infinity());
  parallel_for(out.size(), [&](size_t k) {
    const std::vector<float> made = applied(s, pairs, i, floats_of(values[int64_t(k)]));
    if (!made.empty()) out[k] = mean_difference(wanted, {made, s.config.data.sample_rate, made.size()});
  });
  return out;
}

// From the positions [columns], over those that are no choice and whose effect is there.
torch::Tensor tuned(const EffectsSubject& s, const EffectPairs& pairs, int64_t i, const MultiScaleLevels& wanted,
                    const torch::Tensor& start, int renders, uint64_t seed) {
  const ParameterSpace& space = s.system->space();
  const auto present = s.system->labels().present(floats_of(space.values(start.unsqueeze(0))[0]).data());
  std::vector<std::string> names;
  std::vector<int64_t> columns;
  for (size_t c = 0; c < present.size(); ++c)
    if (present[c] && space.columns()[c].kind != SynthParameter::Kind::kChoice)
      names.push_back(space.columns()[c].name), columns.push_back(int64_t(c));
  if (columns.empty()) return start;
  const auto at = torch::tensor(columns, torch::kLong);
  const auto found = search_positions(
      ParameterSpace(space.columns(), names), start.index_select(0, at), renders, seed,
      [&](const torch::Tensor& tried) {
        auto all = start.unsqueeze(0).repeat({tried.size(0), 1});
        return distances(s, pairs, i, wanted, all.index_copy_(1, at, tried));
      });
  return start.clone().index_copy_(0, at, found);
}

}  // namespace

void add_pairs(const EffectPairs& pairs, const std::vector<double>& values, const std::string& metric,
               const std::string& unit, size_t at, RunResult& result) {
  const bool several = std::set<std::string>(pairs.kinds.begin(), pairs.kinds.end()).size() > 1;
  for (size_t i = 0; i < values.size(); ++i) {
    result.add(at + i, metric, pairs.part, unit, values[i]);
    if (pairs.part.empty() && several) result.add(at + i, metric, pairs.kinds[i], unit, values[i]);
  }
}

void measure_spectra(const EffectPairs& pairs, const torch::Tensor& target, const torch::Tensor& made,
                     const std::string& name, size_t at, RunResult& result) {
  if (!made.defined()) return;
  add_pairs(pairs, spectral_convergences(target, made), name + "_sc", "", at, result);
  add_pairs(pairs, log_spectral_distances(target, made), name + "_lsd", "dB", at, result);
}

void measure_decoder(const EffectsSubject& s, const EffectPairs& pairs, const SeenPairs& seen, size_t at,
                     RunResult& result) {
  const int64_t n = seen.dry.size(0);
  const auto magnitudes = [&](const torch::Tensor& mel) {
    return mel.defined() ? magnitudes_of(s, mel) : torch::Tensor();
  };
  const auto rows = [&](const torch::Tensor& x, int64_t from, int64_t count) { return x.narrow(0, from, count); };
  // An effect that the model has no name for cannot be asked of it.
  bool all_known = true;
  for (size_t i = 0; i < pairs.names.size(); ++i) all_known = all_known && known(s, pairs, i);
  if (all_known) {
    const auto wet = by_parts(n, [&](int64_t from, int64_t count) {
      return s.system->wet_of(rows(seen.dry, from, count), rows(pairs.parameters, from, count),
                              rows(pairs.mask, from, count));
    });
    const auto dry = by_parts(n, [&](int64_t from, int64_t count) {
      return s.system->dry_of(rows(seen.wet, from, count), rows(pairs.parameters, from, count),
                              rows(pairs.mask, from, count));
    });
    measure_spectra(pairs, seen.wet_magnitudes, magnitudes(wet), "effect_wet", at, result);
    measure_spectra(pairs, seen.dry_magnitudes, magnitudes(dry), "effect_dry", at, result);
  }
  const auto own = by_parts(n, [&](int64_t from, int64_t count) {
    return s.system->reconstruct(rows(seen.wet, from, count));
  });
  measure_spectra(pairs, seen.wet_magnitudes, magnitudes(own), "note", at, result);
}

void measure_knob(const EffectsSubject& s, const EffectPairs& pairs, size_t at, RunResult& result) {
  const ParameterSpace& space = s.system->space();
  const size_t n = pairs.names.size(), step = std::max<size_t>(1, n / kKnobs);
  for (size_t i = 0; i < n; i += step) {
    const auto row = pairs.mask[int64_t(i)];
    int64_t knob = 0;
    while (knob < space.size() &&
           (row[knob].item<float>() == 0 || space.columns()[size_t(knob)].kind != SynthParameter::Kind::kContinuous))
      ++knob;
    if (knob == space.size()) continue;
    std::vector<double> places;
    auto values = pairs.parameters[int64_t(i)].unsqueeze(0).repeat({kPlaces, 1});
    std::vector<torch::Tensor> sounds;
    for (int k = 0; k < kPlaces; ++k) {
      places.push_back(k / (kPlaces - 1.0));
      values[k][knob] = space.columns()[size_t(knob)].value(places.back());
      std::vector<float> wet = applied(s, pairs, int64_t(i), floats_of(values[k]));
      wet.resize(size_t(pairs.dry.size(2)));
      sounds.push_back(torch::tensor(wet).reshape({1, 1, -1}));
    }
    const auto truly = s.system->spectrogram().forward(torch::cat(sounds));
    const auto dry = s.system->spectrogram().forward(pairs.dry.narrow(0, int64_t(i), 1)).expand({kPlaces, -1, -1});
    const auto made = s.system->wet_of(dry, values, row.unsqueeze(0).expand({kPlaces, -1}));
    const std::vector<double> true_brightness = brightness(magnitudes_of(s, truly));
    if (made.defined()) {
      const std::vector<double> found = brightness(magnitudes_of(s, made));
      result.add(at + i, "effect_knob", pairs.part, "", spearman(found, true_brightness));
      result.add(at + i, "effect_knob", "knob and decoded brightness", "", spearman(places, found));
    }
    result.add(at + i, "effect_knob", "knob and true brightness", "", spearman(places, true_brightness));
    const auto inferred = s.system->infer(truly, 1);
    if (!inferred.defined()) continue;
    std::vector<double> found;
    for (int k = 0; k < kPlaces; ++k) found.push_back(inferred[k][knob].item<double>());
    result.add(at + i, "effect_knob", "knob and inferred", "", spearman(places, found));
  }
}

InferredEffects apply_values(const EffectsSubject& s, const EffectPairs& pairs, const torch::Tensor& values) {
  InferredEffects out{values, std::vector<std::vector<float>>(size_t(values.size(0)))};
  parallel_for(out.sounds.size(), [&](size_t i) {
    out.sounds[i] = applied(s, pairs, int64_t(i), floats_of(values[int64_t(i)]));
  });
  return out;
}

InferredEffects infer_effects(const EffectsSubject& s, const EffectPairs& pairs, const SeenPairs& seen, int candidates,
                              int renders, uint64_t seed) {
  const int draws = s.system->draws() ? candidates : 1;
  std::vector<torch::Tensor> found;
  for (int d = 0; d < draws; ++d)
    found.push_back(by_parts(seen.wet.size(0), [&](int64_t from, int64_t count) {
      return s.system->infer(seen.wet.narrow(0, from, count), seed + uint64_t(d));
    }));
  const auto all = torch::stack(found, 1);  // [n, draws, columns]
  auto best = found[0].clone();
  for (int64_t i = 0; i < all.size(0) && (draws > 1 || renders > 0); ++i) {
    const MultiScaleLevels wanted(floats_of(pairs.wet[i]), s.config.data.sample_rate);
    auto start = best[i];
    if (draws > 1) {
      const std::vector<double> cost = distances(s, pairs, i, wanted, all[i]);
      start = all[i][std::min_element(cost.begin(), cost.end()) - cost.begin()];
    }
    best[i].copy_(renders > 0 ? tuned(s, pairs, i, wanted, start, renders, seed + uint64_t(i)) : start);
  }
  return apply_values(s, pairs, s.system->space().values(best));
}

void measure_inference(const EffectsSubject& s, const EffectPairs& pairs, const InferredEffects& inferred, size_t at,
                       RunResult& result) {
  const ParameterSpace& space = s.system->space();
  const size_t n = pairs.names.size();
  std::map<std::string, int64_t> kinds;  // whole chains
  std::map<std::string, int64_t> effects;
  std::vector<int64_t> asked, found;
  std::vector<std::set<int64_t>> asked_effects, found_effects;
  std::vector<size_t> counted;
  const auto number = [&](const std::string& kind) { return kinds.emplace(kind, int64_t(kinds.size())).first->second; };
  const auto numbers = [&](const Links& links) {
    std::set<int64_t> out;
    for (const ChainLink& link : links)
      out.insert(effects.emplace(link.kind->name, int64_t(effects.size())).first->second);
    return out;
  };
  for (size_t i = 0; i < n; ++i) {
    if (!known(s, pairs, i)) continue;
    const Links links = s.system->labels().links(floats_of(inferred.values[int64_t(i)]).data());
    asked.push_back(number(pairs.kinds[i])), found.push_back(number(kinds_of(links))), counted.push_back(i);
    asked_effects.push_back(numbers(pairs.links[i])), found_effects.push_back(numbers(links));
  }
  if (s.system->labels().choices().empty()) counted.clear();
  const std::vector<double> f1 = macro_f1_values(asked, found, int64_t(kinds.size())),
                            f1_effects = macro_f1_values(asked_effects, found_effects, int64_t(effects.size()));
  const std::string behind = pairs.part.empty() ? "" : pairs.part + ", ";
  bool several = false;  // does a chain have more than one effect?
  for (const auto& effects_of_one : asked_effects) several = several || effects_of_one.size() > 1;
  for (size_t c = 0; c < counted.size(); ++c) {
    const size_t i = counted[c];
    result.add(at + i, "effect_kind", pairs.part, "", asked[c] == found[c]);
    result.add(at + i, "effect_kind", behind + "F1", "", f1[c]);
    if (several) result.add(at + i, "effect_kind", behind + "F1 of single effects", "", f1_effects[c]);
    if (pairs.part.empty()) result.add(at + i, "effect_kind", pairs.kinds[i], "", asked[c] == found[c]);
  }
  const auto right = space.positions(pairs.parameters), error = space.positions(inferred.values) - right;
  auto mask = pairs.mask.clone();
  for (const size_t c : s.system->labels().choices()) mask.select(1, int64_t(c)).zero_();
  const double scale = ((right.square() * mask).sum() / mask.sum().clamp_min(1)).item<double>();
  for (size_t i = 0; i < n; ++i) {
    const auto count = mask[int64_t(i)].sum().item<double>();
    if (count == 0) continue;
    const auto mean_of = [&](const torch::Tensor& x) { return (x * mask[int64_t(i)]).sum().item<double>() / count; };
    result.add(at + i, "parameter_mse_n", pairs.part, "", mean_of(error[int64_t(i)].square()) / scale);
    result.add(at + i, "parameter_l1", pairs.part, "position", mean_of(error[int64_t(i)].abs()));
    for (int64_t c = 0; pairs.part.empty() && c < space.size(); ++c)
      if (mask[int64_t(i)][c].item<float>() > 0)
        result.add(at + i, "parameter_l1", space.columns()[size_t(c)].name, "position",
                   std::abs(error[int64_t(i)][c].item<double>()));
  }
  measure_sounds(s, pairs, inferred.sounds, at, result);
}

void measure_sounds(const EffectsSubject& s, const EffectPairs& pairs, const std::vector<std::vector<float>>& sounds,
                    size_t at, RunResult& result) {
  std::vector<double> sc(sounds.size(), kUndefined), levels = sc, sdr = sc;
  parallel_for(sounds.size(), [&](size_t i) {
    if (sounds[i].empty()) return;
    const std::vector<float> wet = floats_of(pairs.wet[int64_t(i)]);
    const SoundDistances found = compare_sounds(wet, sounds[i], s.config.data.sample_rate);
    sc[i] = found.sc, levels[i] = found.mss, sdr[i] = si_sdr(wet, sounds[i]);
  });
  add_pairs(pairs, sc, "resynthesis_sc", "", at, result);
  add_pairs(pairs, levels, "resynthesis_mss", "dB", at, result);
  add_pairs(pairs, sdr, "effect_si_sdr", "dB", at, result);
  // A chain without an effect gives 200 dB where it is found, which would decide the mean.
  for (size_t i = 0; i < sdr.size(); ++i)
    if (pairs.part.empty() && pairs.kinds[i] != "nothing" && contains(pairs.kinds, "nothing"))
      result.add(at + i, "effect_si_sdr", "with an effect", "dB", sdr[i]);
}

}  // namespace nr
