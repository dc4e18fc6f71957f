// What the descriptors of a decoded sound are, as values that losses read: how far they lie from what was asked for is
// the loss's business.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "descriptors/scale.h"
#include "losses/values.h"

namespace nr {

// How decoded audio is measured.
struct Measuring {
  std::vector<std::string> controls;
  std::vector<Scale> scales;  // one a control
  Framing framing;
  int latent_hop = 1, delay = 0;  // samples; delay: by which decoded audio lags
};

// Those of the controls that have a differentiable descriptor.
std::vector<std::string> differentiable(const std::vector<std::string>& controls);

// Adds what is measured in a sound, computed anew in every update, from "<sound>.audio" [n, 1, samples] and "<asked>"
// [n, controls, frames]:
//   "<sound>.descriptors" [n, differentiable controls, frames]: [-1, 1] is a control's range, values may lie beyond
//   "<sound>.aperiodicity" [n, frames]: how little the sound repeats with the asked pitch (losses/descriptors.h)
void add_measured(Values& values, const Measuring& how, const std::string& sound, const std::string& asked);

}  // namespace nr
