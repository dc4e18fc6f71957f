// What to render, as read from data/*.yaml: notes of a SoundFont, one file a (instrument, style, pitch, velocity), or
// spoken words, one file a (word, voice, speed, pitch).
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

struct Recipe {
  std::string soundfont = "/usr/share/sounds/sf2/FluidR3_GM.sf2";
  int sample_rate = 16000;          // Hz
  double gain = 0.5;                // of the synthesiser; nothing is normalised, so that velocity stays audible
  std::vector<int> velocities{100};
  double held = 1.5, release = 0.5;  // seconds
  std::vector<Instrument> instruments;
  std::vector<Drum> percussion;     // channel 10, kit 0
  Spoken spoken;                    // of the fields above it uses sample_rate only; not beside notes

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
  }
};

}  // namespace nr
