// Which class does a note have in each of several groups, such as semitone, octave and instrument? It learns from
// recorded notes, teaches a decoder (losses/notes.h) and measures its obedience (evaluation/notes.h).
#pragma once
#include <torch/torch.h>

#include <memory>
#include <vector>

#include "models/spectrogram.h"
#include "nn/wae.h"

namespace nr {

class NoteClassifier : public torch::nn::Module {
 public:
  // sizes: classes of each group.
  NoteClassifier(const SpectrogramConfig& config, const std::vector<int64_t>& sizes);
  // Spectrogram [n, mels, frames] -> logits of all groups side by side.
  torch::Tensor forward(const torch::Tensor& spectrogram);
  // Summed over the groups, mean over the notes, nats; wanted [n, classes of all groups], each group's adding up to 1.
  torch::Tensor cross_entropy(const torch::Tensor& spectrogram, const torch::Tensor& wanted);
  const std::vector<int64_t>& sizes() const { return sizes_; }

 private:
  std::vector<int64_t> sizes_;
  std::shared_ptr<StridedConvolutions> convolutions_;
  torch::nn::Sequential profile_;
  torch::nn::Linear heads_{nullptr};
};

}  // namespace nr
