#include "evaluation/latent_study.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "base/random.h"
#include "evaluation/results.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr int kPairs = 9, kFineSteps = 41, kNeighbours = 3;
constexpr size_t kMostHeard = 3, kShown = 5;
constexpr double kNear = 0.1;           // deviations
constexpr double kLeastMovement = 0.01;  // of a dimension that counts: others move nothing

std::vector<std::vector<float>> near(const SynthesizerSubject& s, const LatentStatistics& statistics,
                                     const torch::Tensor& latent, const Resynthesis& synth, at::Generator chance) {
  const auto noise = torch::randn({kNeighbours, latent.size(0)}, chance);
  const auto around = latent.unsqueeze(0) + kNear * noise * statistics.deviation.unsqueeze(0);
  std::vector<std::vector<float>> out;
  for (const Rendering& note : synth.play(presets_of(s, s.system->infer_latent(around), synth)))
    out.push_back(note.samples);
  return out;
}

std::vector<double> even_places(int count) {
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(double(i) / (count - 1));
  return out;
}

torch::Tensor between(const torch::Tensor& a, const torch::Tensor& b, const std::vector<double>& places) {
  const auto share = torch::tensor(places, torch::kFloat).unsqueeze(1);
  return (1 - share) * a.unsqueeze(0) + share * b.unsqueeze(0);
}

void add_curves(const SynthesizerSubject& s, const torch::Tensor& a, const torch::Tensor& b, Interpolation& out) {
  out.places = even_places(kFineSteps);
  const auto positions = s.system->infer_latent(between(a, b, out.places)).to(torch::kDouble);
  const auto order = positions.std(0, false).argsort(0, true);
  for (int64_t k = 0; k < std::min<int64_t>(kShown, order.size(0)); ++k) {
    const auto p = order[k].item<int64_t>();
    const auto curve = positions.select(1, p).contiguous();
    out.parameters.push_back(s.system->space().columns()[size_t(p)].name);
    out.curves.emplace_back(curve.data_ptr<double>(), curve.data_ptr<double>() + kFineSteps);
  }
}

void interpolate(const SynthesizerSubject& s, const LatentStatistics& statistics, const Resynthesis& synth,
                 int64_t seed, size_t heard, LatentStudy& out) {
  std::vector<size_t> order(s.clips.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  Random random(uint64_t(seed), 11);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  auto chance = at::detail::createCPUGenerator(uint64_t(seed));
  for (size_t p = 0; p < kPairs && 2 * p + 1 < order.size(); ++p) {
    const size_t first = order[2 * p], second = order[2 * p + 1];
    const auto ends = s.system->encode(spectrograms(s, std::vector<int>{s.clips[first], s.clips[second]}));
    const std::vector<double> places = even_places(kHeardSteps);
    Interpolation pair{s.names[first], s.names[second], {}, {}, {}, {}, {}, {}};
    const auto positions = s.system->infer_latent(between(ends[0], ends[1], places));
    out.left_range = out.left_range || !torch::logical_and(positions >= 0, positions <= 1).all().item<bool>();
    pair.line = hear_positions(s, positions, places, synth);
    const std::vector<double> steps = steps_of(pair.line, synth.sample_rate());
    const double whole = mean(steps);
    if (whole > 0) out.jumps.push_back(*std::max_element(steps.begin(), steps.end()) / whole);
    if (p >= heard) continue;
    add_curves(s, ends[0], ends[1], pair);
    pair.near_from = near(s, statistics, ends[0], synth, chance);
    pair.near_to = near(s, statistics, ends[1], synth, chance);
    out.interpolations.push_back(std::move(pair));
  }
}

// A straight line of that length between two training presets, the first of some pairs that is long enough.
torch::Tensor preset_line(const torch::Tensor& presets, double length, Random random) {
  torch::Tensor from, step;
  double longest = 0;
  for (int attempt = 0; attempt < 64 && longest < length; ++attempt) {
    const auto a = presets[int64_t(random.below(uint64_t(presets.size(0))))];
    const auto b = presets[int64_t(random.below(uint64_t(presets.size(0))))];
    const double apart = (b - a).norm().item<double>();
    if (apart > longest) longest = apart, from = a, step = (b - a) / apart;
  }
  if (!from.defined()) return {};
  const auto at = std::min(length, longest) * torch::tensor(even_places(kHeardSteps), torch::kFloat).unsqueeze(1);
  return from.unsqueeze(0) + at * step.unsqueeze(0);
}

void measure_smoothness(const SynthesizerSubject& s, const Resynthesis& synth, int64_t seed, LatentStudy& out) {
  std::vector<int> clips = s.dataset->split(Split::kTrain);
  clips.resize(std::min<size_t>(clips.size(), 512));
  const auto known = known_positions(s, clips);
  const auto count = known.isnan().logical_not().sum(0).clamp_min(1);
  const auto presets = torch::where(known.isnan(), (known.nan_to_num(0).sum(0) / count).expand_as(known), known);
  for (size_t d = 0; d < out.dimensions.size(); ++d) {
    const MacroControl& control = out.dimensions[d];
    if (control.direction.movement < kLeastMovement) continue;
    const auto ends = s.system->infer_latent(
        control.direction.at(torch::tensor({-kDirectionEnd, kDirectionEnd}, torch::kFloat)));
    const auto line = preset_line(presets, (ends[1] - ends[0]).norm().item<double>(), Random(uint64_t(seed), d, 13));
    if (!line.defined()) continue;
    const int rate = synth.sample_rate();
    const double mine = mean(steps_of(hear(s, control, synth), rate)),
                 straight = mean(steps_of(hear_positions(s, line, even_places(kHeardSteps), synth), rate));
    if (std::isfinite(mine) && std::isfinite(straight)) out.smoothness.emplace_back(mine, straight);
  }
}

std::string semantic_table(const std::vector<std::pair<std::string, LatentStudy>>& runs) {
  std::ostringstream out;
  for (const auto& [run, study] : runs)
    for (const SemanticDimension& s : study.semantic) {
      if (out.tellp() == 0)
        out << "Semantic dimensions: AUC of the tag's dimension over test sounds, and of the best one before the "
               "disentangling flow; Spearman's correlation of the dimension with the tag's descriptor in rendered "
               "traversals.\n\n| run | tag | dimension | AUC | AUC, before | Spearman, median | sounds |\n"
               "|---|---|---:|---:|---:|---:|---:|\n";
      out << "| " << run << " | " << s.tag << " | " << s.dimension << " | " << number_text(s.auc) << " | "
          << number_text(s.auc_before) << " | " << number_text(median(finite(s.spearman))) << " | "
          << s.spearman.size() << " |\n";
    }
  if (out.tellp() != 0) out << '\n';
  return out.str();
}

}  // namespace

LatentStudy latent_study(const SynthesizerSubject& s, const Resynthesis& synth, int64_t seed, int sounds) {
  LatentStudy out;
  if (s.system->latent_size() == 0 || s.system->draws()) return out;
  const torch::NoGradGuard no_grad;
  const LatentStatistics statistics = latent_statistics(s);
  for (int d = 0; d < s.system->latent_size(); ++d) out.dimensions.push_back(dimension_control(s, statistics, d));
  out.components = ranked_components(s, statistics);
  const size_t heard = std::min(kMostHeard, size_t(sounds));
  for (size_t c = 0; c < std::min(heard, out.components.size()); ++c)
    out.heard.push_back(hear(s, out.components[c], synth));
  for (size_t i = 0; i < std::min<size_t>(heard ? 1 : 0, s.clips.size()); ++i) {
    const auto latent = s.system->encode(spectrograms(s, std::vector<int>{s.clips[i]}));
    out.heard_on.push_back(hear(s, out.components[0], synth, latent[0]));
    out.heard_names.push_back(s.names[i]);
  }
  interpolate(s, statistics, synth, seed, heard, out);
  measure_smoothness(s, synth, seed, out);
  out.semantic = semantic_dimensions(s, statistics, synth, heard > 0);
  return out;
}

std::string latent_table(const std::vector<std::pair<std::string, LatentStudy>>& runs) {
  std::ostringstream out;
  for (const auto& [run, study] : runs) {
    if (study.dimensions.empty()) continue;
    if (out.tellp() == 0)
      out << "The latent. Smoothness: MSS of a step along a dimension, and along a straight line between training "
             "presets whose ends are as far apart, 8 sounds each. Interpolation: the largest step over the mean one, "
             "between two test sounds.\n\n"
             "| run | dimensions that move | along them (dB) | straight lines (dB) | smoother | largest step, median | "
             "of all |\n|---|---:|---:|---:|---:|---:|---:|\n";
    std::vector<double> mine, straight;
    int smoother = 0;
    for (const auto& [m, l] : study.smoothness) mine.push_back(m), straight.push_back(l), smoother += m < l;
    const double worst =
        study.jumps.empty() ? std::nan("") : *std::max_element(study.jumps.begin(), study.jumps.end());
    out << "| " << run << " | " << mine.size() << " of " << study.dimensions.size() << " | " << number_text(mean(mine))
        << " | " << number_text(mean(straight)) << " | " << smoother << " | " << number_text(median(study.jumps))
        << " | " << number_text(worst) << (study.left_range ? ", positions beyond [0, 1]" : "") << " |\n";
  }
  if (out.tellp() != 0) out << '\n';
  return out.str() + semantic_table(runs);
}

}  // namespace nr
