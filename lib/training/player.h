// One player: its optimiser and its turn. weighted_sum() is the only expression that knows weights.
#pragma once
#include <memory>

#include "losses/table.h"
#include "training/adam.h"
#include "training/run.h"

namespace nr {

// The modules a player can train, by name.
struct Parts {
  std::shared_ptr<Autoencoder> model;
  std::shared_ptr<LatentDiscriminator> latent_discriminator;
  std::shared_ptr<WaveformDiscriminator> waveform_discriminator;

  std::vector<std::pair<std::string, torch::nn::Module*>> list() const;  // those that exist
};

class Player {
 public:
  Player(const std::string& name, const PlayerConfig& config, const Parts& parts);
  bool plays(int64_t step) const;
  // `step` counts from the phase's beginning. Adds its terms, as its last repeat found them, to `journal` as "<player>/<term>".
  // Error when a term is not finite.
  void step(const LossInput& input, int64_t step, std::map<std::string, torch::Tensor>& journal);
  const std::string& name() const { return name_; }
  Adam& optimiser() { return optimiser_; }

 private:
  // Undefined when all weights are 0.
  torch::Tensor weighted_sum(const LossInput& given, int64_t step, std::map<std::string, torch::Tensor>& journal) const;

  std::string name_;
  PlayerConfig config_;
  std::vector<torch::Tensor> resting_;  // parameters of the judges it asks but does not train
  Adam optimiser_;
};

}  // namespace nr
