#include "nn/note_classifier.h"

#include <numeric>

namespace nr {
namespace {

constexpr int kChannels = 8, kLayers = 4, kProfile = 256;
constexpr double kDropout = 0.3;

}  // namespace

// Convolutions see how a note moves. Beside them dense layers read the mean over time of every band, from which pitch
// is learned fastest.
NoteClassifier::NoteClassifier(const SpectrogramConfig& c, const std::vector<int64_t>& sizes)
    : sizes_(sizes),
      convolutions_(register_module("convolutions",
                                    std::make_shared<StridedConvolutions>(c.mels, c.frames, kChannels, 5, kLayers))) {
  const int64_t width = add_dense_layers(profile_, 2 * c.mels, {kProfile, kProfile}, {kDropout});
  register_module("profile", profile_);
  heads_ = register_module(
      "heads", torch::nn::Linear(convolutions_->features() + width,
                                 std::accumulate(sizes.begin(), sizes.end(), int64_t(0))));
}

torch::Tensor NoteClassifier::forward(const torch::Tensor& spectrogram) {
  const auto image = torch::dropout(convolutions_->forward(spectrogram), kDropout, is_training());
  const auto profile = torch::cat({spectrogram.mean(2), spectrogram.amax(2)}, 1);
  return heads_->forward(torch::cat({image, profile_->forward(profile)}, 1));
}

torch::Tensor NoteClassifier::cross_entropy(const torch::Tensor& spectrogram, const torch::Tensor& wanted) {
  const auto logits = forward(spectrogram);
  torch::Tensor sum;
  int64_t at = 0;
  for (const int64_t size : sizes_) {
    const auto nats = -(torch::log_softmax(logits.narrow(1, at, size), 1) * wanted.narrow(1, at, size)).sum(1).mean();
    sum = sum.defined() ? sum + nats : nats;
    at += size;
  }
  return sum;
}

}  // namespace nr
