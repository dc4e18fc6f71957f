// What to render from a SoundFont, as read from data/*.yaml: one file a (instrument, pitch, velocity).
#pragma once
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

struct Instrument {
  std::string name, family;
  int program = 0;                  // General MIDI, from 0 (the standard's tables count from 1)
  int low = 48, high = 72, step = 1;  // MIDI keys
  std::vector<int> velocities;      // empty: the recipe's
  double held = 0, release = 0;     // seconds; 0: the recipe's

  template <class V>
  void fields(V& v) {
    v("name", name);
    v("family", family);
    v("program", program, config::between(0, 127));
    v("low", low, config::between(0, 127));
    v("high", high, config::between(0, 127));
    v("step", step, config::at_least(1));
    v("velocities", velocities, config::between(1, 127));
    v("held", held, config::between(0, 60));
    v("release", release, config::between(0, 60));
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

struct Recipe {
  std::string soundfont = "/usr/share/sounds/sf2/FluidR3_GM.sf2";
  int sample_rate = 16000;          // Hz
  double gain = 0.5;                // of the synthesiser; nothing is normalised, so that velocity stays audible
  std::vector<int> velocities{100};
  double held = 1.5, release = 0.5;  // seconds
  std::vector<Instrument> instruments;
  std::vector<Drum> percussion;     // channel 10, kit 0

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
  }
};

}  // namespace nr
