// Notes through a Wasserstein autoencoder whose decoder is given the note and the style. Evaluation and play ask it for
// latents, and for the sound of any latent and condition.
#pragma once
#include <memory>

#include "nn/note_classifier.h"
#include "nn/vocoders.h"
#include "nn/wae.h"
#include "systems/system.h"

namespace nr {

// A label that the decoder is given: its place in the vector of all.
struct ConditionGroup {
  std::string label;
  std::vector<std::string> classes;
  int64_t at = 0;  // the first class
};

class WaeSystem : public System {
 public:
  // vocoder: the part of this name, of the run model.vocoder; null: none.
  explicit WaeSystem(const RunConfig& config, std::shared_ptr<Vocoder> vocoder = nullptr);

  DataNeeds needs() const override;
  const LossSettings& settings() const override { return settings_; }
  void begin(Loader& loader) override;
  void set_mode(const std::set<std::string>& learning) override;
  void produce(const Batch& batch, Random& random, Values& values) override;
  const char* selected_by() const override { return "mel_mse"; }
  std::vector<std::string> shown() const override;
  std::vector<std::string> describe() const override;
  std::string fingerprint() const override;
  void store(Checkpoint& checkpoint) const override;
  void restore(const Checkpoint& checkpoint) override;

  const RunConfig& config() const { return config_; }
  const WaeConfig& model() const { return model_; }
  const std::vector<ConditionGroup>& groups() const { return groups_; }
  int64_t classes() const { return classes_; }  // of all groups together; 0: the decoder is given nothing
  NoteSpectrogram& spectrogram() const { return *encoder_->spectrogram; }
  // In evaluation mode. Spectrograms [n, mels, frames] -> latents [n, latent_size]; back, with conditions [n,
  // classes()], which are not read where that is 0.
  torch::Tensor encode(const torch::Tensor& spectrogram);
  torch::Tensor decode(const torch::Tensor& latent, const torch::Tensor& condition);
  // Sound [n, 1, samples] of what `decode` gives, by the part `vocoder`, or by Griffin-Lim where there is none.
  torch::Tensor sound(const torch::Tensor& spectrogram);
  bool has_vocoder() const { return vocoder_ != nullptr; }

 private:
  torch::Tensor condition_of(const std::map<std::string, torch::Tensor>& labels, int64_t n) const;

  RunConfig config_;
  WaeConfig model_;
  std::vector<ConditionGroup> groups_;
  int64_t classes_ = 0;
  LossSettings settings_;
  bool encoder_learns_ = false, samples_ = false;
  std::shared_ptr<WaeEncoder> encoder_;
  std::shared_ptr<WaeDecoder> decoder_;
  std::shared_ptr<Vocoder> vocoder_;
};

// In a run's folder: the checkpoint that the part `vocoder` began with.
inline constexpr const char* kWaeVocoder = "vocoder.safetensors";

// Of a run's checkpoint, in evaluation mode. Error when it is of another system, or config and weights do not fit.
std::unique_ptr<WaeSystem> load_wae(const Checkpoint& checkpoint);

}  // namespace nr
