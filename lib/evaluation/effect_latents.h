// What the latents of an effects space say of effects: neighbours, movements from dry to wet, and linear probes.
#pragma once
#include "evaluation/effect_rows.h"

namespace nr {

// Among a wet sound's ten nearest of other clips, the share behind the same effect. shuffled: with the kinds shuffled,
// which is chance.
void measure_neighbours(const EffectPairs& pairs, const torch::Tensor& latents, const uint64_t* shuffled, size_t at,
                        RunResult& result);

// Cosine of the movements of other clips by the same setting, and by other settings; where dimensions are reserved,
// what part of a movement lies outside them.
void measure_movement(const EffectPairs& pairs, const SeenPairs& seen, int64_t reserved, size_t at, RunResult& result);

// Is the dry clip whose latent is nearest to a wet one's, without reserved dimensions, its own?
void measure_notes_kept(const EffectPairs& pairs, const SeenPairs& seen, int64_t reserved, size_t at,
                        RunResult& result);

// How the dimensions share out effects and their parameters (disentanglement.h) over many draws of the clips of
// `pairs`: numbers of the whole set, so each clip has the jackknife's pseudo-value at the place of its first pair.
// shuffled: with the factors shuffled over the sounds, which is chance.
void measure_disentanglement(const ParameterSpace& space, const EffectPairs& many, const torch::Tensor& latents,
                             const uint64_t* shuffled, const EffectPairs& pairs, size_t at, RunResult& result);

// R^2 of each parameter by ridge regression on training pairs, from the wet latent and from the movement.
void measure_probes(const ParameterSpace& space, const EffectPairs& train, const SeenPairs& train_seen,
                    const EffectPairs& pairs, const SeenPairs& seen, size_t at, RunResult& result);

}  // namespace nr
