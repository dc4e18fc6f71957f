// Rows of the table of synthesizer inference: what parameters each gives the test sounds.
#pragma once
#include <vector>

#include "evaluation/synthesizer_subject.h"

namespace nr {

struct SynthesizerRow {
  ModelFacts facts;
  torch::Tensor positions;     // [clips, columns], NaN: the patch's value
  int seed = 0;                // of the rendering: 1 for the floor
  torch::Tensor reconstructed = {};  // power of the decoder's spectrograms [clips, mels, frames]; undefined without
};

SynthesizerRow row_of_model(const SynthesizerSubject& subject, const TestSounds& sounds,
                            const EvaluationConfig& config);

// Search at inference: of config.candidates draws, rendered, the one with the lowest MSS to the sound.
SynthesizerRow best_of_draws(const SynthesizerSubject& subject, const TestSounds& sounds,
                             const EvaluationConfig& config, const Resynthesis& synth);

// The same, and from there on by CMA-ES with config.renders notes a sound over the positions of what is no choice. Of a
// regressor that does not draw it begins at its answer.
SynthesizerRow searched(const SynthesizerSubject& subject, const TestSounds& sounds, const EvaluationConfig& config,
                        const Resynthesis& synth);

// The training mean, the nearest and a random training preset and, of sounds of the set, the render floor.
std::vector<SynthesizerRow> rows_without_model(const SynthesizerSubject& subject, const TestSounds& sounds,
                                               const EvaluationConfig& config);

}  // namespace nr
