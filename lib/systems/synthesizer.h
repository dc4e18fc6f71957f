// Synthesizer inference: an encoder of a note's spectrogram, a decoder where there is a latent, and a regressor of the
// parameters. Evaluation asks it for the parameters of a sound.
#pragma once
#include <memory>

#include "nn/parameter_space.h"
#include "nn/regressors.h"
#include "nn/spectrogram.h"
#include "systems/system.h"

namespace nr {

class SynthesizerSystem : public System {
 public:
  explicit SynthesizerSystem(const RunConfig& config);

  DataNeeds needs() const override;
  const LossSettings& settings() const override { return settings_; }
  void begin(Loader& loader) override;
  void set_mode(const std::set<std::string>& learning) override;
  void produce(const Batch& batch, Random& random, Values& values) override;
  const char* selected_by() const override { return "parameter_error"; }
  std::vector<std::string> validated() const override { return {"parameter_error"}; }
  std::vector<std::string> shown() const override;
  std::vector<std::string> describe() const override;
  std::string fingerprint() const override;
  void store(Checkpoint& checkpoint) const override;
  void restore(const Checkpoint& checkpoint) override;

  const RunConfig& config() const { return config_; }
  const ParameterSpace& space() const { return space_; }
  int64_t latent_size() const { return latent_size_; }  // 0: there is none
  bool disentangles() const { return encoder_->disentangling != nullptr; }
  bool draws() const { return model_.regressor == "matching"; }  // infers by chance
  // In evaluation mode. Audio [n, 1, samples] -> normalised spectrograms [n, mels, frames]; their power; what the
  // decoder makes of them, undefined without a decoder; positions [n, parameters], drawn with `seed` where the
  // regressor draws.
  torch::Tensor spectrogram(const torch::Tensor& audio) const { return encoder_->spectrogram->forward(audio); }
  torch::Tensor power(const torch::Tensor& spectrogram) const { return encoder_->spectrogram->linear(spectrogram); }
  torch::Tensor reconstruct(const torch::Tensor& spectrogram);
  torch::Tensor infer(const torch::Tensor& spectrogram, uint64_t seed);
  // What decoder and regressor read of a spectrogram: [n, latent_size]. Only where there is a latent.
  torch::Tensor encode(const torch::Tensor& spectrogram);
  torch::Tensor encode_plain(const torch::Tensor& spectrogram);  // the same before a disentangling flow
  torch::Tensor infer_latent(const torch::Tensor& latent);  // [n, latent_size]
  // The same as a graph, a channel a parameter. Error for a regressor that is none.
  Wire describe_decoder(DescribedGraph& to, Wire latent) { return regressor_->describe(to, latent); }

 private:
  void produce_latent(Values& values);

  RunConfig config_;
  SynthesizerConfig model_;
  ParameterSpace space_;
  LossSettings settings_;
  int64_t latent_size_;
  bool encoder_learns_ = false, samples_ = false;
  std::shared_ptr<NoteEncoder> encoder_;
  std::shared_ptr<SpectrogramDecoder> decoder_;  // null without a latent
  std::shared_ptr<Regressor> regressor_;
};

// Of a run's checkpoint, in evaluation mode. Error when it is of another system, or config and weights do not fit.
std::unique_ptr<SynthesizerSystem> load_synthesizer(const Checkpoint& checkpoint);

}  // namespace nr
