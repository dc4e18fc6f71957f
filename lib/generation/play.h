// A trained model played from a MIDI file, or live. Torch-free: apps include it.
#pragma once
#include <string>
#include <vector>

#include "generation/note_instrument.h"
#include "generation/synthesizer.h"
#include "midi/voice.h"

namespace nr {

struct PlayConfig {
  std::string run, midi, out, audio;
  PlayedLatent latent{};
  int channel = 0;
  VoiceConfig voice{};
  std::vector<std::string> set_control{};
  std::string inputs;
  NoteVoicing notes{};
  int polyphony = 16, threads = 1;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("run", run, Any{},
      "run folder, checkpoint, or program file (.nrp) of a model with the control pitch; a prior; or a run of notes");
    v("midi", midi, Any{}, "Standard MIDI File to play; without it and --out: live, through JACK");
    v("out", out, Any{}, "WAV to write");
    v("audio", audio, Any{},
      "recording that the whole model hears, in place of MIDI: a model with a control for pitch follows pitch and "
      "level, other controls are held; live: what comes in through JACK's port in");
    latent.fields(v);
    v("channel", channel, between(0, 16), "MIDI channel to play; 0: all but 10, which is percussion");
    voice.fields(v);
    v("set_control", set_control, Any{},
      "hold a control (centroid=1500, in Hz) or move it through evenly spaced values (rms=-40:-10, in dB)");
    v("inputs", inputs, Any{}, "file for what the network was given, in its own numbers: run.sh plays it on a board");
    notes.fields(v);
    v("polyphony", polyphony, between(1, 256), "notes that sound at once, of a run of notes");
    v("threads", threads, between(1, 64), "cores that compute a large model's tick together, of a run that streams");
  }
};

// A run of notes plays many at once, each as long as the model's notes are at most: velocity gives the level, the pedal
// and `release` the end, and `cc` moves a style's weight (2=flute) or the latent (1=latent0), also while notes sound.
// Streams tick by tick into 16-bit WAV: memory does not grow with the length. The file begins with the stream's
// latency. `inputs` gets one block a tick of every input but the noise, in the program's order, little-endian: int16,
// or float of a float program. With `audio` the model plays what the plug-in of its whole network would
// (export/player/player.h), at the recording's rate, from its first sample on. Error, and nothing written, when a file
// cannot be read or played. Without `midi` and `out` it plays live (generation/live.h).
void play(const PlayConfig& config);

}  // namespace nr
