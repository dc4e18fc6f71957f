#include "evaluation/effects.h"

#include <torch/torch.h>

#include <algorithm>
#include <map>

#include "base/files.h"
#include "base/log.h"
#include "config/writer.h"
#include "evaluation/effect_latents.h"
#include "evaluation/test_clips.h"
#include "nn/device.h"
#include "nn/floats.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr size_t kTrainPairs = 1200;  // at most, for probes and means
constexpr size_t kManyPairs = 640;    // about, of the test clips: for what is shared out among dimensions
constexpr uint64_t kTestKey = 1, kTrainKey = 2, kManyKey = 3;

// A model's own chain's pairs, then those of config.chains, all in one list of clips.
struct Bench {
  std::vector<EffectPairs> sets;
  std::vector<size_t> at;  // the first clip of each
  std::vector<std::string> names;
  Clusters clusters;  // pairs of one clip belong together, or, by config.cluster, of several
  EffectPairs train, many;
};

Bench make_bench(const EffectsSubject& s, const EvaluationConfig& config) {
  Bench out;
  const auto add = [&](const ChainConfig& chain, const std::string& part) {
    out.sets.push_back(s.pairs(chain, part, s.clips, config.draws, kTestKey));
    out.at.push_back(out.names.size());
    for (const std::string& name : out.sets.back().names)
      out.names.push_back(part.empty() ? name : name + ", " + part);
    for (const size_t clip : out.sets.back().clip)
      out.clusters.push_back(s.clusters.empty() ? int(clip) : s.clusters[clip]);
  };
  add(s.config.data.effects, "");
  for (const std::string& file : config.chains) add(read_chain(config::load(file)), fs::path(file).stem().string());
  std::vector<int> train = s.dataset->split(Split::kTrain);
  if (train.size() > kTrainPairs) {
    std::vector<int> some;
    for (size_t i = 0; i < kTrainPairs; ++i) some.push_back(train[i * train.size() / kTrainPairs]);
    train = some;
  }
  const int draws = int(std::clamp<size_t>(kTrainPairs / train.size(), 1, 8));
  out.train = s.pairs(s.config.data.effects, "", train, draws, kTrainKey);
  const int each = int(std::clamp<size_t>(kManyPairs / s.clips.size(), 1, 16));
  out.many = s.pairs(s.config.data.effects, "", s.clips, each, kManyKey);
  return out;
}

RunResult begin(const EffectsSubject& s, const Bench& bench, const ModelFacts& facts) {
  RunResult out;
  out.facts = facts, out.clips = bench.names, out.clusters = bench.clusters;
  out.data = recordings_fingerprint(*s.dataset);
  out.seconds = double(bench.names.size()) * s.config.data.segment / s.config.data.sample_rate;
  return out;
}

RunResult without_model(const EffectsSubject& s, const Bench& bench, const std::string& name) {
  return begin(s, bench, nr::without_model(s.facts, name));
}

void measure_model(const EffectsSubject& s, const Bench& bench, const EvaluationConfig& config, RunResult& result,
                   EffectsShown& shown) {
  const SeenPairs train = see(s, bench.train);
  for (size_t k = 0; k < bench.sets.size(); ++k) {
    const EffectPairs& pairs = bench.sets[k];
    const SeenPairs seen = see(s, pairs);
    measure_decoder(s, pairs, seen, bench.at[k], result);
    measure_neighbours(pairs, seen.wet_latent, nullptr, bench.at[k], result);
    measure_movement(pairs, seen, s.system->reserved(), bench.at[k], result);
    measure_notes_kept(pairs, seen, s.system->reserved(), bench.at[k], result);
    measure_probes(s.system->space(), bench.train, train, pairs, seen, bench.at[k], result);
    if (k == 0) {
      measure_knob(s, pairs, bench.at[k], result);
      measure_disentanglement(s.system->space(), bench.many, see(s, bench.many).wet_latent, nullptr, pairs,
                              bench.at[k], result);
    }
    InferredEffects inferred;
    if (s.system->model().direction == "matching") {
      inferred = infer_effects(s, pairs, seen, config.candidates, 0, uint64_t(config.seed));
      measure_inference(s, pairs, inferred, bench.at[k], result);
    }
    if (k == 0) shown = {&s, seen, inferred};
  }
}

RunResult searched(const EffectsSubject& s, const Bench& bench, const EvaluationConfig& config) {
  ModelFacts facts = s.facts;
  facts.run += text(", then ", config.renders, " renders");
  RunResult out = begin(s, bench, facts);
  for (size_t k = 0; k < bench.sets.size(); ++k) {
    const SeenPairs seen = see(s, bench.sets[k]);
    const InferredEffects found =
        infer_effects(s, bench.sets[k], seen, config.candidates, config.renders, uint64_t(config.seed));
    measure_inference(s, bench.sets[k], found, bench.at[k], out);
  }
  return out;
}

// The commonest choices, and the mean of every other column where it is known.
torch::Tensor mean_values(const EffectsSubject& s, const EffectPairs& train) {
  const ParameterSpace& space = s.system->space();
  const auto positions = space.positions(train.parameters);
  auto mean = (positions * train.mask).sum(0) / train.mask.sum(0).clamp_min(1);
  for (int64_t c = 0; c < space.size(); ++c) {
    if (space.columns()[size_t(c)].kind != SynthParameter::Kind::kChoice) continue;
    std::map<float, int> counts;
    for (int64_t i = 0; i < positions.size(0); ++i)
      if (train.mask[i][c].item<float>() > 0) ++counts[positions[i][c].item<float>()];
    int most = 0;
    for (const auto& [position, count] : counts)
      if (count > most) most = count, mean[c] = position;
  }
  return space.values(mean.unsqueeze(0));
}

std::vector<RunResult> rows_without_model(const EffectsSubject& s, const Bench& bench, const EvaluationConfig& config) {
  RunResult identity = without_model(s, bench, "dry sound"), mean = without_model(s, bench, "training mean"),
            random = without_model(s, bench, "random effect"), chance = without_model(s, bench, "chance");
  const SeenPairs train = see(s, bench.train);
  const auto seed = uint64_t(config.seed);
  for (size_t k = 0; k < bench.sets.size(); ++k) {
    const EffectPairs& pairs = bench.sets[k];
    const size_t at = bench.at[k];
    const SeenPairs seen = see(s, pairs);
    measure_spectra(pairs, seen.wet_magnitudes, seen.dry_magnitudes, "effect_wet", at, identity);
    measure_spectra(pairs, seen.dry_magnitudes, seen.wet_magnitudes, "effect_dry", at, identity);
    std::vector<std::vector<float>> dry;
    for (int64_t i = 0; i < pairs.dry.size(0); ++i) dry.push_back(floats_of(pairs.dry[i]));
    measure_sounds(s, pairs, dry, at, identity);
    // What a decoder that is given nothing could learn: the mean as the networks see it.
    const auto of_mean = [&](const torch::Tensor& mel) {
      return magnitudes_of(s, mel.mean(0, true)).expand_as(seen.wet_magnitudes);
    };
    measure_spectra(pairs, seen.wet_magnitudes, of_mean(train.wet), "effect_wet", at, mean);
    measure_spectra(pairs, seen.dry_magnitudes, of_mean(train.dry), "effect_dry", at, mean);
    measure_spectra(pairs, seen.wet_magnitudes, of_mean(train.wet), "note", at, mean);
    const auto values = mean_values(s, bench.train).expand_as(pairs.parameters);
    measure_inference(s, pairs, apply_values(s, pairs, values.contiguous()), at, mean);
    std::vector<torch::Tensor> any;
    for (int64_t i = 0; i < pairs.dry.size(0); ++i)
      any.push_back(bench.train.parameters[int64_t(Random(seed, i, k).below(bench.train.names.size()))]);
    measure_inference(s, pairs, apply_values(s, pairs, torch::stack(any)), at, random);
    measure_neighbours(pairs, seen.wet_latent, &seed, at, chance);
    if (k == 0)
      measure_disentanglement(s.system->space(), bench.many, see(s, bench.many).wet_latent, &seed, pairs, at, chance);
    for (size_t i = 0; i < pairs.names.size(); ++i)
      chance.add(at + i, "effect_note_kept", pairs.part, "", 1.0 / double(s.clips.size()));
  }
  return {identity, mean, random, chance};
}

std::string bands_of(const EffectsSubject& s) {
  const SpectrogramConfig config = s.system->model();
  return text(config::dump(config), config.law);
}

void check_same(const EffectsSubject& first, const EffectsSubject& other, const fs::path& run) {
  const auto refuse = [&](const char* what) {
    fail(run.string(), ": has other ", what, " than ", first.facts.run, ": evaluate them apart");
  };
  if (other.names != first.names) refuse("test sounds");
  if (config::dump(other.config.data.effects.source) != config::dump(first.config.data.effects.source))
    refuse("effects");
  if (bands_of(other) != bands_of(first)) refuse("spectrograms");
}

}  // namespace

std::vector<RunResult> evaluate_effects(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                        const fs::path& out) {
  const torch::NoGradGuard no_grad;
  choose_device("cpu");
  std::vector<EffectsSubject> subjects;
  for (const fs::path& run : runs) {
    if (!is_effects(run)) fail(run.string(), ": learned no effects, but ", runs[0].string(), " did");
    subjects.push_back(load_effects_subject(run, config));
    check_same(subjects[0], subjects.back(), run);
  }
  Progress progress("evaluate " + subjects[0].facts.run);
  progress.update(0, "pairs");
  const Bench bench = make_bench(subjects[0], config);
  std::vector<RunResult> results;
  std::vector<EffectsShown> shown(subjects.size());
  for (size_t i = 0; i < subjects.size(); ++i) {
    const EffectsSubject& s = subjects[i];
    progress.update(double(i + 1) / double(subjects.size() + 2), s.facts.run);
    results.push_back(begin(s, bench, s.facts));
    measure_model(s, bench, config, results.back(), shown[i]);
    if (config.renders > 0 && s.system->model().direction == "matching") results.push_back(searched(s, bench, config));
  }
  for (RunResult& row : rows_without_model(subjects[0], bench, config)) results.push_back(std::move(row));
  for (RunResult& result : results) result.summarise_rows(config.bootstrap, uint64_t(config.seed));
  progress.done(text(bench.names.size(), " pairs, ", subjects.size(), " models"));

  const fs::path folder = out.empty() ? subjects[0].folder / "evaluation" : out;
  make_folder(folder);
  write_file(folder / "results.json", to_json(results, config));
  write_file(folder / "table.md", to_markdown(results, config));
  write_file(folder / "report.html", effects_page(results, bench.sets[0], shown, config));
  log_info("wrote " + (folder / "table.md").string() + ", results.json and report.html");
  return results;
}

}  // namespace nr
