// A recording -> the parameters of a synthesizer that plays it: a preset, and the preset's note. Torch-free: apps
// include it.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "config/checks.h"

namespace nr {

struct InferConfig {
  std::string run, recording, out, wav;
  int key = 60, velocity = 127;
  double held = 3, seconds = 4;
  int candidates = 1, renders = 0;
  int64_t seed = 1;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("run", run, Any{}, "run folder or checkpoint of a model that infers a synthesizer's parameters");
    v("recording", recording, Any{}, "the sound: its beginning is what the model sees and the note is compared with");
    v("out", out, Any{},
      "the preset: YAML, or of amsynth a bank that it opens, NAME.bank, or of an LV2 plug-in a folder that its hosts "
      "find, NAME.lv2");
    v("wav", wav, Any{}, "the preset's note; empty: none");
    v("key", key, between(0, 127), "MIDI key of the note");
    v("velocity", velocity, between(1, 127), "of the note");
    v("held", held, between(0.01, 60), "seconds until note-off");
    v("seconds", seconds, between(0.02, 60), "of the note in all");
    v("candidates", candidates, between(1, 1000),
      "presets that a model of flow matching draws; rendered, the nearest by MSS is kept");
    v("renders", renders, between(0, 100000),
      "notes that a search by CMA-ES renders from there on, over the parameters that are no choice; 0: no search");
    v("seed", seed, at_least(0), "of the draws and the search");
  }
};

struct InferReport {
  std::vector<std::pair<std::string, std::string>> parameters;  // inferred: name, value with its unit
  double mss = 0;        // dB, of the preset's note to the recording; NaN where the note cannot be rendered
  std::string problem;   // why it cannot; empty: it can
};

// Parameters that the model does not infer have their initial values. Error when the recording or the run cannot be
// read, or `out` ends in .bank or .lv2 and the synthesizer is not amsynth or an LV2 plug-in.
InferReport infer(const InferConfig& config);

}  // namespace nr
