// An effects space: pairs of dry and wet sound as spectrograms, learned in one of three directions (models/effects.h).
// Evaluation asks it for latents, for the wet sound of a dry one and the way back, and for effect and parameters.
#pragma once
#include <memory>

#include "effects/labels.h"
#include "nn/effects.h"
#include "nn/regressors.h"
#include "nn/wae.h"
#include "systems/system.h"

namespace nr {

class EffectsSystem : public System {
 public:
  explicit EffectsSystem(const RunConfig& config);

  DataNeeds needs() const override;
  const LossSettings& settings() const override { return settings_; }
  void begin(Loader& loader) override;
  void set_mode(const std::set<std::string>& learning) override;
  void produce(const Batch& batch, Random& random, Values& values) override;
  const char* selected_by() const override { return regressor_ ? "parameter_error" : "mel_mse"; }
  std::vector<std::string> validated() const override;
  std::vector<std::string> describe() const override;
  std::string fingerprint() const override;
  void store(Checkpoint& checkpoint) const override;
  void restore(const Checkpoint& checkpoint) override;

  const RunConfig& config() const { return config_; }
  const EffectsConfig& model() const { return model_; }
  const ChainLabels& labels() const { return labels_; }
  const ParameterSpace& space() const { return space_; }
  NoteSpectrogram& spectrogram() const { return *encoder_->spectrogram; }
  int64_t reserved() const { return map_ ? model_.reserved : 0; }  // dimensions in which effects move the latent
  bool draws() const { return regressor_ && model_.regressor == "matching"; }  // infers by chance

  // In evaluation mode. Spectrograms are normalised, [n, mels, frames]; parameters and mask as in a batch.
  torch::Tensor encode(const torch::Tensor& spectrogram);  // -> [n, latent_size]
  // Undefined where this direction does not do it: an autoencoder's reconstruction; the wet sound of a dry one and the
  // way back; positions [n, parameters], drawn with `seed` where the regressor draws.
  torch::Tensor reconstruct(const torch::Tensor& spectrogram);
  torch::Tensor wet_of(const torch::Tensor& dry, const torch::Tensor& parameters, const torch::Tensor& mask);
  torch::Tensor dry_of(const torch::Tensor& wet, const torch::Tensor& parameters, const torch::Tensor& mask);
  torch::Tensor infer(const torch::Tensor& wet, uint64_t seed);

 private:
  torch::Tensor effect_of(const torch::Tensor& parameters, const torch::Tensor& mask) const;
  torch::Tensor condition_of(const torch::Tensor& effect, bool off) const;
  torch::Tensor moved(const torch::Tensor& from, const torch::Tensor& parameters, const torch::Tensor& mask, bool off);
  torch::Tensor change_of(const torch::Tensor& from, const torch::Tensor& latent, const torch::Tensor& condition);
  void produce_latent(Values& values);
  void produce_shift(Values& values);

  RunConfig config_;
  EffectsConfig model_;
  ChainLabels labels_;
  ParameterSpace space_;
  LossSettings settings_;
  bool encoder_learns_ = false, samples_ = false;
  std::shared_ptr<WaeEncoder> encoder_;
  std::shared_ptr<WaeDecoder> decoder_;
  std::shared_ptr<FrameTransfer> frames_;  // of transfer, where it is trained
  std::shared_ptr<EffectMap> map_;        // of topology
  std::shared_ptr<Regressor> regressor_;  // of matching
};

// Of a run's checkpoint, in evaluation mode. Error when it is of another system, or config and weights do not fit.
std::unique_ptr<EffectsSystem> load_effects(const Checkpoint& checkpoint);

// Whether an optimiser trains the part `frames`: then the model has it.
bool has_frames(const RunConfig& config);

// The columns of a chain's draws, all of them.
ParameterSpace space_of(const ChainLabels& labels);

}  // namespace nr
