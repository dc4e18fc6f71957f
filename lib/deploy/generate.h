// A prior and its model -> sound from nothing but chance and knob curves. Torch-free: apps include it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "descriptors/scale.h"

namespace nr {

struct GenerateConfig {
  std::string run;                    // folder or checkpoint of a trained prior
  std::string out;                    // WAV to write
  double seconds = 10;
  double temperature = 1;
  int64_t seed = 1;
  std::vector<std::string> controls;  // "rms=-20", "centroid=1000:4000": held, or through evenly spaced values; the prior draws the rest
};

// One knob's positions over `frames`, from "name=value[:value...]": in the descriptor's unit, or in dB where the ear hears decibels.
// Between values the knob moves evenly, as it sounds. Values beyond the knob's range are its ends, with a warning. `knob` gets its place.
// Error that names the knobs there are.
std::vector<float> knob_curve(const std::string& setting, const std::vector<Scale>& scales, int frames, size_t* knob);

// Error, and nothing written, when the prior cannot be read or a control is not one of its knobs.
void generate(const GenerateConfig& config);

}  // namespace nr
