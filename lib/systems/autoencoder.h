// What the systems of an encoder and a decoder share: RAVE (rave.cpp) and the mel VAE (mel_vae.cpp).
#pragma once
#include <memory>

#include "losses/measured.h"
#include "nn/autoencoder.h"
#include "nn/latent_space.h"
#include "systems/system.h"
#include "systems/table.h"

namespace nr {

class AutoencoderSystem : public System {
 public:
  explicit AutoencoderSystem(const RunConfig& config);

  DataNeeds needs() const override;
  const LossSettings& settings() const override { return settings_; }
  void set_scales(const std::vector<Scale>& scales) override;
  void set_mode(const std::set<std::string>& learning) override;
  std::map<std::string, double> survey(Loader& loader) override;
  std::vector<std::string> describe() const override;
  std::string fingerprint() const override;
  void store(Checkpoint& checkpoint) const override;
  void restore(const Checkpoint& checkpoint) override;

 protected:
  // The batch's tensors, and "posterior.mean", "posterior.std", "latent" with the encoder's target under the name
  // given.
  void produce_latent(const Batch& batch, const std::string& target, Values& values);

  RunConfig config_;
  std::shared_ptr<Autoencoder> model_;
  Measuring measuring_;

 private:
  LossSettings settings_;
  LatentSpace space_;
  bool encoder_learns_ = false, samples_ = false;
};

// Values and checks that both systems share. fewest: latent frames of a crop.
std::vector<ValueOffer> latent_values(const RunConfig& config);
void check_autoencoder(const RunConfig& config, int fewest, const config::Located& at);

}  // namespace nr
