// A vocoder trained on crops of recordings: their mel magnitudes in, their sound out.
#pragma once
#include <memory>

#include "nn/spectrogram.h"
#include "nn/vocoders.h"
#include "systems/system.h"

namespace nr {

class VocoderSystem : public System {
 public:
  explicit VocoderSystem(const RunConfig& config);

  DataNeeds needs() const override;
  const LossSettings& settings() const override { return settings_; }
  void set_mode(const std::set<std::string>& learning) override;
  void produce(const Batch& batch, Random& random, Values& values) override;
  const char* selected_by() const override { return "fullband_stft"; }
  std::vector<std::string> validated() const override;
  std::vector<std::string> describe() const override;
  std::string fingerprint() const override;
  void store(Checkpoint& checkpoint) const override;
  void restore(const Checkpoint& checkpoint) override;

  const RunConfig& config() const { return config_; }
  const std::shared_ptr<Vocoder>& network() const { return decoder_; }
  // In evaluation mode: magnitudes [n, mels, frames] -> sound [n, 1, frames * step].
  torch::Tensor sound(const torch::Tensor& magnitudes);

 private:
  RunConfig config_;
  LossSettings settings_;
  std::unique_ptr<MelBands> bands_;
  std::shared_ptr<Vocoder> decoder_;
};

// Of a run's checkpoint, in evaluation mode. Error when it is of another system, or config and weights do not fit.
std::unique_ptr<VocoderSystem> load_vocoder(const Checkpoint& checkpoint);
// The same of a run or a checkpoint that makes the sound of such spectrograms. Error when it was made for other bands,
// or another rate.
std::unique_ptr<VocoderSystem> load_vocoder_of(const std::filesystem::path& run, const SpectrogramConfig& bands,
                                               int sample_rate);

}  // namespace nr
