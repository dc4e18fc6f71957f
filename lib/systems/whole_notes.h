// What the systems share whose example is a whole note, seen as a spectrogram.
#pragma once
#include <torch/torch.h>

#include <functional>
#include <string>

#include "losses/values.h"
#include "systems/table.h"

namespace nr {

// Error where model.low, model.high and the data's rate do not fit one another.
void check_mel_range(const SpectrogramConfig& model, const RunConfig& config, const config::Located& at);
// The same; and where data.segment is not the spectrogram's frames, or descriptors.hop does not divide it.
void check_whole_notes(const SpectrogramConfig& model, const RunConfig& config, const config::Located& at);

// A step's values of a latent that an encoder reads off features [n, size].
struct NoteLatent {
  std::function<torch::Tensor()> features;
  torch::nn::Linear mean, scale;  // scale null: the posterior has no deviation
  bool learns = false, samples = false;

  // posterior.mean and posterior.std, [n, latent_size, 1]; the second undefined without a scale.
  void add_posterior(Values& values) const;
  // latent: drawn from the posterior where `samples`, else its mean.
  void add_latent(Values& values) const;
};

}  // namespace nr
