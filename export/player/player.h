// An exported model in a host: any sample rate, any block size, controls in their own units, MIDI. What a board's
// knobs, gate and MIDI do (export/runtime/played_controls.h), parameters and notes do here. Memory is taken at the
// start only.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "midi_voice.h"
#include "ticks.h"

namespace nr {

// A control that one turns.
struct Parameter {
  std::string name, unit;  // "centroid", "Hz"; of levels "dB"
  float low, high, initial;
  bool logarithmic;
};

class Player {
 public:
  // A model whose output is audio. It plays as an instrument, from MIDI and parameters, or hears audio. Where it has no
  // pitch it sounds all the time. It outlives this. host_rate: Hz.
  Player(const nr_model& model, double host_rate, MakeTicks make = on_stream);
  ~Player();

  static bool hears(const nr_model& model);
  // All controls but pitch, and but those that MIDI or what it hears sets. Of a model that follows a pitch the last one
  // transposes, in semitones.
  static std::vector<Parameter> parameters(const nr_model& model);

  void set(int parameter, float value);  // bounded to its range; it is reached smoothly
  MidiVoice& voice();                    // heard from the next tick on
  int latency() const;                   // host samples from a sound or a message to what comes of it
  // in: null is silence. Samples that are no numbers are silence too.
  void process(const float* in, float* out, int count);
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nr
