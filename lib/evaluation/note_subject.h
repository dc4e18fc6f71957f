// A run of notes under evaluation: its model, and its splits as spectrograms with their classes.
#pragma once
#include <torch/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evaluation/test_clips.h"
#include "systems/vocoder.h"
#include "systems/wae.h"

namespace nr {

bool is_wae(const std::filesystem::path& run);       // of a run's folder or checkpoint
bool is_vocoder(const std::filesystem::path& run);

// A label whose classes are found by the classifier: of data.classes, with two or more.
struct NoteLabel {
  std::string name;
  std::string role;  // semitone, octave, or style for any other
  std::vector<std::string> classes;
  int group = 0;     // of the dataset
};

struct NoteSet {
  torch::Tensor seen;                        // [n, mels, frames], as the model sees notes
  std::vector<std::vector<int64_t>> labels;  // [label][n]
  torch::Tensor one_hot;                     // [n, classes of all labels]
};

struct NoteSubject : TestClips {
  RunConfig config;
  std::unique_ptr<WaeSystem> system;
  std::vector<NoteLabel> labels;

  NoteSet notes(const std::vector<int>& clips) const;
  // The decoder's vector of asked classes, one of each label a note: [label][n] -> [n, classes of the conditions].
  torch::Tensor condition(const std::vector<std::vector<int64_t>>& asked) const;
  bool is_given(const NoteLabel& label) const;  // is the decoder given it?
};
NoteSubject load_notes(const std::filesystem::path& run, const EvaluationConfig& config);

// Turns spectrograms, as the model gives them, into sound [n, 1, samples].
struct SoundMaker {
  std::string name;
  std::function<torch::Tensor(const NoteSpectrogram&, const torch::Tensor&)> make;
};
// Griffin-Lim with as many rounds as the run says, and the vocoders of these runs. Error when one was made for other
// bands, or another rate.
std::vector<SoundMaker> sound_makers(const NoteSubject& subject, const std::vector<std::string>& vocoders);
// Those, and last the subject's part `vocoder` where it has one.
std::vector<SoundMaker> sound_makers_of(const NoteSubject& subject, std::vector<SoundMaker> makers);

// Whole clips, cut or padded: [n, 1, data.segment].
torch::Tensor whole_notes(const Dataset& dataset, const std::vector<int>& clips);

}  // namespace nr
