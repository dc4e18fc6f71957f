// What one model of effects scores on pairs of dry and wet sound. `at`: the first pair's place in the result's clips.
#pragma once
#include <string>
#include <vector>

#include "evaluation/effect_subject.h"

namespace nr {

// A number for each pair under a metric; of the model's own chain for each kind of effect too.
void add_pairs(const EffectPairs& pairs, const std::vector<double>& values, const std::string& metric,
               const std::string& unit, size_t at, RunResult& result);

// Spectral convergence and log-spectral distance of magnitudes [n, mels, frames], as metrics `name`_sc and `name`_lsd.
void measure_spectra(const EffectPairs& pairs, const torch::Tensor& target, const torch::Tensor& made,
                     const std::string& name, size_t at, RunResult& result);

// The wet sound of the dry one, the dry one of the wet, and an autoencoder's reconstruction of the wet one.
void measure_decoder(const EffectsSubject& subject, const EffectPairs& pairs, const SeenPairs& seen, size_t at,
                     RunResult& result);

// Moves the first knob of a pair's effect through its range: does the decoded sound grow brighter where the effect
// makes it so? Of a model that infers: does what it infers rise with the knob? Of at most 40 pairs.
void measure_knob(const EffectsSubject& subject, const EffectPairs& pairs, size_t at, RunResult& result);

// Effects and parameters that something says of wet sounds.
struct InferredEffects {
  torch::Tensor values;                    // [n, columns], in their own units
  std::vector<std::vector<float>> sounds;  // the dry sounds behind them; empty: could not be made
};
// What the regressor infers: of `candidates` draws, where it draws, the one whose sound is nearest. renders: CMA-ES
// goes on from there over the parameters of the effects found, with so many sounds; 0: none.
InferredEffects infer_effects(const EffectsSubject& subject, const EffectPairs& pairs, const SeenPairs& seen,
                              int candidates, int renders, uint64_t seed);
InferredEffects apply_values(const EffectsSubject& subject, const EffectPairs& pairs, const torch::Tensor& values);
// Kinds of effect found, errors of their parameters, and the effect applied again to the dry sound.
void measure_inference(const EffectsSubject& subject, const EffectPairs& pairs, const InferredEffects& inferred,
                       size_t at, RunResult& result);
// The last part of it by itself. Empty sounds do not count.
void measure_sounds(const EffectsSubject& subject, const EffectPairs& pairs,
                    const std::vector<std::vector<float>>& sounds, size_t at, RunResult& result);

}  // namespace nr
