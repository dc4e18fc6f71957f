// A run that is played as MIDI messages come in. Torch-free.
#pragma once
#include <memory>

#include "audio/jack.h"
#include "generation/play.h"

namespace nr {

class LiveInstrument {
 public:
  virtual ~LiveInstrument() = default;
  // Of the audio thread: they take no memory and wait for nothing.
  virtual void take(const unsigned char* bytes, int size) = 0;  // a message; what is none is left out
  virtual void process(const float* in, float* out, int samples) = 0;  // in: null where nothing is heard
  // Of another thread, again and again: what takes time. False: nothing is to be done.
  virtual bool work() { return false; }
  virtual int dropped() const { return 0; }  // notes that could not be played in time
  virtual int latency() const { return 0; }  // samples from what is heard to what comes of it
};

// rate: Hz of the sound. A run of notes plays many at once: each is made by `work`. Any other model plays one, as an
// exported one does in a plug-in (export/player/player.h), and hears audio where the
// config names some. Error when the run cannot be read or played.
std::unique_ptr<LiveInstrument> open_live(const PlayConfig& config, int rate);
std::unique_ptr<LiveInstrument> live_notes(const PlayConfig& config, int rate);
std::unique_ptr<LiveInstrument> live_stream(const PlayConfig& config, int rate);

// A block with its messages, each at its sample.
void process_block(LiveInstrument& instrument, const float* in, float* out, int samples, const MidiMessage* messages,
                   int count);

// Through JACK, until Ctrl-C or the server's end.
void play_live(const PlayConfig& config);

}  // namespace nr
