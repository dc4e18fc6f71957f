// A prior and its model -> sound from nothing but chance and control curves. Torch-free: apps include it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/checks.h"
#include "descriptors/scale.h"
#include "generation/note_instrument.h"

namespace nr {

struct GenerateConfig {
  std::string run, out;
  double seconds = 10;
  double temperature = 1;
  int64_t seed = 1;
  std::vector<std::string> set_control;
  std::string sfz = {};
  NoteVoicing notes = {};
  int low = 24, high = 108, step = 1;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("run", run, Any{}, "run folder or checkpoint of a prior; or of notes, with --sfz");
    v("out", out, Any{}, "WAV to write");
    v("seconds", seconds, at_least(0.01), "of sound");
    v("temperature", temperature, at_least(0), "1: as learned; less: safer; 0: the likeliest at every step");
    v("seed", seed, Any{}, "of all that is drawn");
    v("set_control", set_control, Any{},
      "hold a control (rms=-20, in dB) or move it through evenly spaced values (centroid=1000:4000, in Hz); the prior "
      "draws the rest");
    v("sfz", sfz, Any{}, "folder that gets a run of notes as a multisample: an SFZ file and a FLAC a key");
    notes.fields(v);
    v("low", low, between(0, 127), "lowest key of the multisample");
    v("high", high, between(0, 127), "highest key");
    v("step", step, between(1, 12), "semitones between two samples");
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

// With sfz: a multisample of a run of notes (multisample.h). Error, and nothing written, when the prior cannot be read
// or a setting names none of its controls.
void generate(const GenerateConfig& config);

}  // namespace nr
