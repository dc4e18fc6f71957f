// The loss terms' names and needs, for checking configs without LibTorch's headers.
#pragma once
#include <string>
#include <vector>

namespace nr {
std::vector<std::string> loss_names();
std::vector<std::string> adversarial_names();  // what training.adversarial may be

enum class Knobs { kNone, kOwn, kExchanged };  // that a term asks about: the clip's own, or in a second decode another clip's
enum class Compares { kLatents, kWaveforms, kSpectrograms };  // what a term compares; waveforms in bands are some too

struct LossNeeds {
  std::string judge;                 // the discriminator it asks, or ""
  Knobs knobs;                       // which the model must have
  std::vector<std::string> teaches;  // as Loss::teaches
  Compares compares;                 // which a model must make; every one has a latent
  std::vector<std::string> hears;    // the controls it can hear, one of which the model must have; empty: it hears none
};
LossNeeds loss_needs(const std::string& name);

const std::vector<std::string>& differentiable_descriptors();  // those that have a twin in losses/descriptors.h
}  // namespace nr
