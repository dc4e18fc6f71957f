// One sampled instrument after another from a SoundFont, offline. FluidSynth (LGPL, linked) stays behind soundfont.cpp.
#pragma once
#include <filesystem>
#include <memory>
#include <vector>

namespace nr {

struct Note {
  int key = 60;             // MIDI
  int velocity = 100;       // 1 ... 127
  double held = 1;          // seconds until note-off
  double release = 0.5;     // seconds kept after it
  bool percussion = false;  // `key` names a drum of the kit `program`
  int program = 0;          // General MIDI, from 0
  int modulation = 0;       // MIDI controller 1
};

class Soundfont {
 public:
  // Reverb and chorus are off. Error when the file is absent (names the package that holds it) or not a SoundFont.
  Soundfont(const std::filesystem::path& file, int sample_rate, double gain);
  ~Soundfont();
  // Mono, (held + release) seconds; the same note gives the same samples. Error when the SoundFont has no such program.
  std::vector<float> play(const Note& note);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nr
