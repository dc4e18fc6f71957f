// The loss terms' names and needs, for checking configs without LibTorch's headers.
#pragma once
#include <string>
#include <vector>

namespace nr {
std::vector<std::string> loss_names();
std::vector<std::string> adversarial_names();  // what training.adversarial may be

enum class Compares { kLatents, kWaveforms, kSpectrograms };  // what a term compares; waveforms in bands are some too

struct LossNeeds {
  std::string judge;                 // the discriminator it asks, or ""
  bool exchange;                     // the second decode with exchanged controls
  std::vector<std::string> teaches;  // as Loss::teaches
  Compares compares;                 // which a model must make; every one has a latent
};
LossNeeds loss_needs(const std::string& name);
}  // namespace nr
