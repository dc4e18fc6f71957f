// What to render, as read from data/*.yaml: notes of a SoundFont, one file a (instrument, style, pitch, velocity),
// spoken words, one file a (word, voice, speed, pitch), or a note of a synthesizer, one file a preset.
#pragma once
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

inline constexpr const char* kOrdinario = "ordinario";  // the style of what names none

struct Instrument {
  std::string name, family;
  int program = 0;                  // General MIDI, from 0 (the standard's tables count from 1)
  int low = 48, high = 72, step = 1;  // MIDI keys
  std::vector<int> velocities;      // empty: the recipe's
  double held = 0, release = 0;     // seconds; 0: the recipe's
  std::string style = kOrdinario;   // of playing; an instrument may occur once in each
  int modulation = 0;               // MIDI controller 1: in most SoundFonts the depth of vibrato

  template <class V>
  void fields(V& v) {
    v("name", name);
    v("family", family);
    v("style", style);
    v("program", program, config::between(0, 127));
    v("low", low, config::between(0, 127));
    v("high", high, config::between(0, 127));
    v("step", step, config::at_least(1));
    v("velocities", velocities, config::between(1, 127));
    v("held", held, config::between(0, 60));
    v("release", release, config::between(0, 60));
    v("modulation", modulation, config::between(0, 127));
  }
};

struct Drum {
  std::string name, family = "percussion";
  int key = 60;                     // of the percussion channel
  std::vector<int> velocities;
  double held = 0, release = 0;

  template <class V>
  void fields(V& v) {
    v("name", name);
    v("family", family);
    v("key", key, config::between(0, 127));
    v("velocities", velocities, config::between(1, 127));
    v("held", held, config::between(0, 60));
    v("release", release, config::between(0, 60));
  }
};

// Every word in every voice at every speed and pitch.
struct Spoken {
  std::vector<std::string> words;   // of letters and digits
  std::vector<std::string> voices;  // of espeak-ng: a language, "en-us", or one with a variant, "en-us+f3"
  std::vector<int> speeds{175};     // words a minute
  std::vector<int> pitches{50};     // espeak-ng's scale
  int amplitude = 100;              // espeak-ng's scale, linear
  double seconds = 1;               // of every file: silence on both sides; a longer word is an error

  template <class V>
  void fields(V& v) {
    v("words", words);
    v("voices", voices);
    v("speeds", speeds, config::between(80, 450));
    v("pitches", pitches, config::between(0, 99));
    v("amplitude", amplitude, config::between(1, 200));
    v("seconds", seconds, config::between(0.1, 60));
  }
};

// One note in many presets. Two of the shipped and sampled presets and all that is made from them are a family, which
// data.group keeps in one split.
struct PresetSet {
  std::string synth;                    // a name of synth_names(); empty: no presets
  std::vector<std::string> parameters;  // those that vary, "*": all; the others keep the patch's values
  std::string patch;                    // a preset's file; empty: the synthesizer's initial values
  bool shipped = false;                 // the presets that come with the synthesizer, those that differ in what varies
  int sampled = 0;                      // each parameter's position uniform in [0, 1], each choice as likely
  int perturbed = 0;                    // one of those, positions moved by N(0, deviation^2), some choices drawn anew
  int interpolated = 0;                 // between the two of a family; a choice is that of either
  double deviation = 0.1;               // also the chance of another choice
  int key = 60, velocity = 127;         // MIDI
  double held = 3, seconds = 4;         // until note-off; of the file
  int64_t seed = 1;
  int floor = 64;      // presets that are rendered again with another seed: no model comes closer than that
  double limit = 20;   // seconds that rendering one may take

  template <class V>
  void fields(V& v) {
    v("synth", synth);
    v("parameters", parameters);
    v("patch", patch);
    v("shipped", shipped);
    v("sampled", sampled, config::between(0, 1000000));
    v("perturbed", perturbed, config::between(0, 1000000));
    v("interpolated", interpolated, config::between(0, 1000000));
    v("deviation", deviation, config::between(0, 1));
    v("key", key, config::between(0, 127));
    v("velocity", velocity, config::between(1, 127));
    v("held", held, config::between(0.01, 60));
    v("seconds", seconds, config::between(0.02, 60));
    v("seed", seed, config::at_least(0));
    v("floor", floor, config::between(0, 10000));
    v("limit", limit, config::between(0.1, 600));
  }
};

struct Recipe {
  std::string soundfont = "/usr/share/sounds/sf2/FluidR3_GM.sf2";
  int sample_rate = 16000;          // Hz
  double gain = 0.5;                // of the synthesiser; nothing is normalised, so that velocity stays audible
  std::vector<int> velocities{100};
  double held = 1.5, release = 0.5;  // seconds
  std::vector<Instrument> instruments;
  std::vector<Drum> percussion;     // channel 10, kit 0
  Spoken spoken;                    // of the fields above it uses sample_rate only; not beside notes
  PresetSet presets;                // uses sample_rate only too; not beside either

  template <class V>
  void fields(V& v) {
    v("soundfont", soundfont);
    v("sample_rate", sample_rate, config::between(8000, 192000));
    v("gain", gain, config::between(0, 10));
    v("velocities", velocities, config::between(1, 127));
    v("held", held, config::between(0.01, 60));
    v("release", release, config::between(0, 60));
    v("instruments", instruments);
    v("percussion", percussion);
    v("spoken", spoken);
    v("presets", presets);
  }
};

}  // namespace nr
