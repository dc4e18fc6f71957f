// A run that infers a synthesizer's parameters, under evaluation: its networks and its test sounds.
#pragma once
#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "evaluation/resynthesis.h"
#include "evaluation/test_clips.h"
#include "systems/synthesizer.h"

namespace nr {

struct SynthesizerSubject : TestClips {
  RunConfig config;
  std::unique_ptr<SynthesizerSystem> system;
};

SynthesizerSubject load_synthesizer_subject(const std::filesystem::path& run, const EvaluationConfig& config);

// Sounds whose parameters are inferred.
struct TestSounds {
  std::vector<std::string> names;
  std::vector<std::string> sources;  // of config.recordings that each is from, where there are several; else empty
  std::vector<std::vector<float>> samples;
  torch::Tensor positions;  // [sounds, columns], NaN: not known, or cannot be heard
  std::string data;         // their fingerprint
  bool recorded = false;    // config.recordings: nothing is known of their parameters
};
// The subject's test clips; or the recordings, cut to the length of the set's notes with a second of fading, or
// continued with silence. Error where a folder holds none, or one cannot be read.
TestSounds test_sounds(const SynthesizerSubject& subject, const EvaluationConfig& config, const Resynthesis& synth);

// Normalised, [sounds, mels, frames]. clips: of the dataset.
torch::Tensor spectrograms(const SynthesizerSubject& subject, const std::vector<std::vector<float>>& sounds);
torch::Tensor spectrograms(const SynthesizerSubject& subject, const std::vector<int>& clips);

// Parameters of clips as positions, NaN where they are not known: [clips, columns].
torch::Tensor known_positions(const SynthesizerSubject& subject, const std::vector<int>& clips);

// Of positions [n, columns], the presets that have them; NaN: the patch's value.
std::vector<std::vector<double>> presets_of(const SynthesizerSubject& subject, const torch::Tensor& positions,
                                            const Resynthesis& synth);


}  // namespace nr
