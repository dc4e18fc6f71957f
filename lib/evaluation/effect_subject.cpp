#include "evaluation/effect_subject.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/log.h"
#include "evaluation/note_subject.h"
#include "nn/checkpoint.h"
#include "nn/floats.h"
#include "nn/parameter_count.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

bool is_silent(const std::vector<float>& samples) {
  return std::none_of(samples.begin(), samples.end(), [](float x) { return std::fabs(x) > 1e-5f; });
}

constexpr size_t kFewestSettings = 8, kMostSettings = 128, kClipsOfSetting = 4;

}  // namespace

bool is_effects(const fs::path& run) {
  return std::holds_alternative<EffectsConfig>(run_config_of(read_checkpoint(find_checkpoint(run))).model);
}

std::string kinds_of(const Links& links) {
  std::string out;
  for (const ChainLink& link : links) out += text(out.empty() ? "" : " > ", link.kind->name);
  return out.empty() ? "nothing" : out;
}

EffectPairs EffectsSubject::pairs(const ChainConfig& chain, const std::string& part, const std::vector<int>& wanted,
                                  int draws, uint64_t key) const {
  EffectPairs out;
  out.part = part, out.level = chain.level;
  const ChainLabels& labels = system->labels();
  const int64_t samples = config.data.segment, columns = int64_t(labels.columns().size());
  const size_t settings = std::clamp(wanted.size() * size_t(draws) / kClipsOfSetting, kFewestSettings, kMostSettings);
  std::vector<std::string> paths;
  for (const int clip : wanted) paths.push_back(dataset->clips()[size_t(clip)].path);
  const std::vector<std::string> short_paths = short_names(paths);
  const auto sounds = whole_notes(*dataset, wanted);
  std::vector<torch::Tensor> dry, wet, parameters, mask;
  for (size_t i = 0; i < wanted.size(); ++i)
    for (int d = 0; d < draws; ++d) {
      const size_t setting = (i * size_t(draws) + size_t(d)) % settings;
      Random random(chain.seed, key, setting);
      const Links links = draw_links(chain, random);
      WetSound made;
      try {
        made = apply(links, floats_of(sounds[int64_t(i)]), config.data.sample_rate, chain.level);
        if (is_silent(made.samples)) fail("silent behind ", describe(links));
      } catch (const Error& error) {
        log_warning(short_paths[i] + ": left out: " + error.what());
        continue;
      }
      out.names.push_back(text(short_paths[i], ", draw ", d + 1));
      out.clip.push_back(i), out.setting.push_back(setting), out.kinds.push_back(kinds_of(links));
      dry.push_back(sounds[int64_t(i)]), wet.push_back(torch::tensor(made.samples).reshape({1, samples}));
      parameters.push_back(torch::zeros({columns})), mask.push_back(torch::zeros({columns}));
      labels.of(links, parameters.back().data_ptr<float>(), mask.back().data_ptr<float>());
      out.links.push_back(links);
    }
  if (dry.empty()) fail(facts.run, part.empty() ? "" : ", " + part, ": no test sound is left behind the effects");
  out.dry = torch::stack(dry), out.wet = torch::stack(wet);
  out.parameters = torch::stack(parameters), out.mask = torch::stack(mask);
  return out;
}

EffectsSubject load_effects_subject(const fs::path& run, const EvaluationConfig& config) {
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run));
  std::unique_ptr<EffectsSystem> system = load_effects(checkpoint);
  EffectsSubject out{test_clips(run, system->config(), checkpoint, config), system->config(), std::move(system)};
  ModelFacts& f = out.facts;
  for (const Part& part : out.system->parts())
    if (part.name != "critic") f.parameters += count_parameters(*part.module);
  f.latent_size = out.system->model().latent_size, f.graph_hash = out.system->fingerprint();
  return out;
}

torch::Tensor magnitudes_of(const EffectsSubject& s, const torch::Tensor& normalised) {
  const auto linear = s.system->spectrogram().linear(normalised);
  return s.system->model().law == "power" ? linear.clamp_min(0).sqrt() : linear;
}

SeenPairs see(const EffectsSubject& s, const EffectPairs& pairs) {
  SeenPairs out;
  const auto seen = [&](const torch::Tensor& audio) {
    return by_parts(audio.size(0),
                    [&](int64_t at, int64_t n) { return s.system->spectrogram().forward(audio.narrow(0, at, n)); });
  };
  const auto latent = [&](const torch::Tensor& mel) {
    return by_parts(mel.size(0), [&](int64_t at, int64_t n) { return s.system->encode(mel.narrow(0, at, n)); });
  };
  out.dry = seen(pairs.dry), out.wet = seen(pairs.wet);
  out.dry_magnitudes = magnitudes_of(s, out.dry), out.wet_magnitudes = magnitudes_of(s, out.wet);
  out.dry_latent = latent(out.dry), out.wet_latent = latent(out.wet);
  return out;
}

}  // namespace nr
