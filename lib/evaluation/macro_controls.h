// Macro-controls: what one latent dimension moves in the parameters of a synthesizer, the others at 0.
#pragma once
#include <string>
#include <vector>

#include "evaluation/resynthesis.h"

namespace nr {

class SynthesizerSystem;

struct MacroControl {
  int dimension = 0;
  double movement = 0;                     // mean standard deviation of the positions along the sweep
  std::vector<double> latent;              // of the sweep, -4 ... 4
  std::vector<std::string> parameters;     // those that move most, at most five
  std::vector<std::vector<double>> curves;  // of each, positions along the sweep
  std::vector<std::pair<double, std::vector<float>>> sounds;  // latent value, note
};

// The `most` dimensions that move the parameters most. Empty for a system without a latent, or one that draws.
std::vector<MacroControl> macro_controls(SynthesizerSystem& system, const Resynthesis& synth, int most);

}  // namespace nr
