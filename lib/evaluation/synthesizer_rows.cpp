#include "evaluation/synthesizer_rows.h"

#include <torch/torch.h>

#include <algorithm>
#include <limits>

#include "base/log.h"
#include "base/parallel.h"
#include "base/random.h"
#include "nn/position_search.h"
#include "synth/similarity.h"

namespace nr {
SynthesizerRow row_of_model(const SynthesizerSubject& s, const TestSounds& sounds, const EvaluationConfig& config) {
  const auto seen = spectrograms(s, sounds.samples);
  std::vector<torch::Tensor> found, made;
  constexpr int64_t kBatch = 32;
  for (int64_t from = 0; from < seen.size(0); from += kBatch) {
    const auto part = seen.narrow(0, from, std::min(kBatch, seen.size(0) - from));
    found.push_back(s.system->infer(part, uint64_t(config.seed) + uint64_t(from)));
    const auto decoded = s.system->reconstruct(part);
    if (decoded.defined()) made.push_back(s.system->power(decoded));
  }
  return {s.facts, torch::cat(found), 0, made.empty() ? torch::Tensor() : torch::cat(made)};
}

SynthesizerRow best_of_draws(const SynthesizerSubject& s, const TestSounds& sounds, const EvaluationConfig& config,
                             const Resynthesis& synth) {
  const auto seen = spectrograms(s, sounds.samples);
  SynthesizerRow out{s.facts, s.system->infer(seen, uint64_t(config.seed)).clone()};
  out.facts.run += text(", best of ", config.candidates);
  std::vector<double> best(sounds.samples.size(), std::numeric_limits<double>::infinity());
  for (int draw = 0; draw < config.candidates; ++draw) {
    const auto found = s.system->infer(seen, uint64_t(config.seed) + uint64_t(draw));
    const std::vector<Rendering> rendered = synth.play(presets_of(s, found, synth));
    std::vector<double> distance(best.size(), std::numeric_limits<double>::infinity());
    parallel_for(rendered.size(), [&](size_t i) {
      if (rendered[i].problem.empty())
        distance[i] = mss(sounds.samples[i], rendered[i].samples, synth.sample_rate());
    });
    for (size_t i = 0; i < best.size(); ++i)
      if (distance[i] < best[i]) best[i] = distance[i], out.positions[int64_t(i)].copy_(found[int64_t(i)]);
  }
  return out;
}

SynthesizerRow searched(const SynthesizerSubject& s, const TestSounds& sounds, const EvaluationConfig& config,
                        const Resynthesis& synth) {
  const bool draws = s.system->draws() && config.candidates > 1;
  SynthesizerRow out = draws ? best_of_draws(s, sounds, config, synth) : row_of_model(s, sounds, config);
  out.facts.run += text(", then ", config.renders, " renders");
  out.reconstructed = torch::Tensor(), out.positions = out.positions.clone();
  const int rate = synth.sample_rate();
  Progress progress("search " + s.facts.run);
  for (size_t i = 0; i < sounds.samples.size(); ++i) {
    const MultiScaleLevels wanted(sounds.samples[i], rate);
    const auto costs = [&](const torch::Tensor& positions) {
      const std::vector<Rendering> notes = synth.play(presets_of(s, positions, synth));
      std::vector<double> found(notes.size(), std::numeric_limits<double>::infinity());
      parallel_for(notes.size(), [&](size_t n) {
        if (!notes[n].problem.empty()) return;
        found[n] = mean_difference(wanted, {notes[n].samples, rate, sounds.samples[i].size()});
      });
      return found;
    };
    auto row = out.positions[int64_t(i)];
    row.copy_(search_positions(s.system->space(), row, config.renders, uint64_t(config.seed) + i, costs));
    progress.update(double(i + 1) / double(sounds.samples.size()));
  }
  progress.done(text(sounds.samples.size(), " sounds"));
  return out;
}

std::vector<SynthesizerRow> rows_without_model(const SynthesizerSubject& s, const TestSounds& sounds,
                                               const EvaluationConfig& config) {
  const std::vector<int> train = s.dataset->split(Split::kTrain);
  const auto known = known_positions(s, train);
  const auto count = known.isnan().logical_not().sum(0).clamp_min(1);
  const auto mean = known.nan_to_num(0).sum(0) / count;
  const auto seen = spectrograms(s, sounds.samples).flatten(1), stored = spectrograms(s, train).flatten(1);
  std::vector<torch::Tensor> nearest, any;
  for (int64_t i = 0; i < seen.size(0); ++i) {
    nearest.push_back(known[(stored - seen[i]).square().sum(1).argmin()]);
    any.push_back(known[int64_t(Random(uint64_t(config.seed), i, 7).below(train.size()))]);
  }
  std::vector<SynthesizerRow> out{
      {without_model(s.facts, "training mean"), mean.expand_as(sounds.positions).contiguous()},
      {without_model(s.facts, "nearest training preset"), torch::stack(nearest)},
      {without_model(s.facts, "random training preset"), torch::stack(any)}};
  if (!sounds.recorded) out.push_back({without_model(s.facts, "render floor"), sounds.positions, 1});
  return out;
}

}  // namespace nr
