// Classifiers that evaluation trains anew: of latents (how much of a label is left in them?) and of recorded notes (is
// a decoded note heard as it was asked for?).
#pragma once
#include <torch/types.h>

#include <memory>
#include <vector>

#include "nn/note_classifier.h"

namespace nr {

// Classes [n] that a network of two layers of 64 units finds in latents [n, d]. Trained on others, 120 times each.
std::vector<int64_t> probe_classes(const torch::Tensor& train, const std::vector<int64_t>& labels, int64_t classes,
                                   const torch::Tensor& test, uint64_t seed);

// Trained on recorded notes: spectrograms [n, mels, frames] and classes one-hot, groups side by side. Of the steps, the
// one where the validation notes' cross-entropy is least counts.
std::shared_ptr<NoteClassifier> train_note_classifier(const SpectrogramConfig& config,
                                                      const std::vector<int64_t>& sizes, const torch::Tensor& train,
                                                      const torch::Tensor& wanted, const torch::Tensor& validation,
                                                      const torch::Tensor& validation_wanted, uint64_t seed);

// The likeliest class of each group, [n][groups]; and the probabilities of all classes side by side, [n, classes].
std::vector<std::vector<int64_t>> likeliest(NoteClassifier& classifier, const torch::Tensor& spectrograms);
torch::Tensor probabilities(NoteClassifier& classifier, const torch::Tensor& spectrograms);

}  // namespace nr
