// A run of effects under evaluation: its model, and pairs of test sounds, which are the same at every evaluation.
#pragma once
#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "evaluation/test_clips.h"
#include "systems/effects.h"

namespace nr {

bool is_effects(const std::filesystem::path& run);  // of a run's folder or checkpoint

// Clips from their start, cut or padded to data.segment, and the same behind a chain's draws.
struct EffectPairs {
  std::string part;                   // of the table: empty for the model's own chain, else the chain file's name
  ChainConfig::Level level = ChainConfig::Level::kRms;
  std::vector<std::string> names;     // "violin/067.wav, draw 2"
  std::vector<size_t> clip, setting;  // of n pairs: which clip; which draw of the chain, shared by several clips
  std::vector<Links> links;
  std::vector<std::string> kinds;     // "tanh", "tanh > low_pass", "nothing"
  torch::Tensor dry, wet;             // [n, 1, samples]
  torch::Tensor parameters, mask;     // [n, columns], as in a batch; 0 in the mask where the model has no column
};

struct EffectsSubject : TestClips {
  RunConfig config;
  std::unique_ptr<EffectsSystem> system;

  // `draws` for each clip, of so many settings that about four clips share each. key: other settings for another key.
  // A pair whose wet sound is silent or blows up is left out with a line in the log.
  EffectPairs pairs(const ChainConfig& chain, const std::string& part, const std::vector<int>& clips, int draws,
                    uint64_t key) const;
};
EffectsSubject load_effects_subject(const std::filesystem::path& run, const EvaluationConfig& config);

// "tanh > low_pass"; "nothing" where the chain is empty.
std::string kinds_of(const Links& links);

// Pairs as one model sees them.
struct SeenPairs {
  torch::Tensor dry, wet;                        // normalised spectrograms [n, mels, frames]
  torch::Tensor dry_magnitudes, wet_magnitudes;  // [n, mels, frames]
  torch::Tensor dry_latent, wet_latent;          // [n, latent_size]
};
SeenPairs see(const EffectsSubject& subject, const EffectPairs& pairs);

// Of normalised spectrograms, whatever the law.
torch::Tensor magnitudes_of(const EffectsSubject& subject, const torch::Tensor& normalised);


// `of` for some rows of all tensors at a time, its results joined; undefined where it gives nothing.
template <class Of>
torch::Tensor by_parts(int64_t n, Of of) {
  constexpr int64_t kThrough = 64;
  std::vector<torch::Tensor> out;
  for (int64_t from = 0; from < n; from += kThrough) {
    out.push_back(of(from, std::min(kThrough, n - from)));
    if (!out.back().defined()) return {};
  }
  return torch::cat(out);
}

}  // namespace nr
