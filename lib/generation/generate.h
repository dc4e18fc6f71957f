// A prior and its model -> sound from nothing but chance and control curves. Torch-free: apps include it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/checks.h"
#include "descriptors/scale.h"

namespace nr {

struct GenerateConfig {
  std::string run, out;
  double seconds = 10;
  double temperature = 1;
  int64_t seed = 1;
  std::vector<std::string> set_control;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("run", run, Any{}, "run folder or checkpoint of a prior");
    v("out", out, Any{}, "WAV to write");
    v("seconds", seconds, at_least(0.01), "of sound");
    v("temperature", temperature, at_least(0), "1: as learned; less: safer; 0: the likeliest at every step");
    v("seed", seed, Any{}, "of all that is drawn");
    v("set_control", set_control, Any{},
      "hold a control (rms=-20, in dB) or move it through evenly spaced values (centroid=1000:4000, in Hz); the prior "
      "draws the rest");
  }
};

// A control that is held or moved through evenly spaced positions in [-1, 1].
struct ControlMove {
  size_t control = 0;  // its place
  std::vector<double> positions{};
  double at(double share) const;  // of the time, 0 to 1; between positions it moves evenly
};

// From "name=value[:value...]": in the descriptor's unit, or in dB where that is
// what is heard. Between values the control moves evenly, as it is heard. Values beyond the control's range are its
// ends, with a warning. Error that names the controls there are.
ControlMove control_move(const std::string& setting, const std::vector<Scale>& scales);
// Its positions over `frames`. `control` gets its place.
std::vector<float> control_curve(const std::string& setting, const std::vector<Scale>& scales, int frames,
                                 size_t* control);

// Error, and nothing written, when the prior cannot be read or a setting names none of its controls.
void generate(const GenerateConfig& config);

}  // namespace nr
