// A MIDI file played by a run of notes: every note-on makes a note, and many sound at once. Torch-free.
#pragma once
#include "generation/note_voices.h"
#include "midi/file.h"

namespace nr {

class NotePlayer {
 public:
  // Error when the file has no note to play, or a controller moves what the instrument does not have.
  NotePlayer(const NoteInstrument& instrument, MidiFile file, const NotePlayerConfig& config);
  int64_t blocks() const { return blocks_; }  // until the last note has died away
  static constexpr int kBlock = 1024;         // samples; an event happens at the next block's start
  void next(float* samples);                  // the next kBlock samples
  void warn() const;  // of notes that could not be played

 private:
  void take(const MidiEvent& event);

  int sample_rate_;
  MidiFile file_;
  NoteVoices voices_;
  MidiEvent event_;
  bool more_ = false;
  int64_t blocks_ = 0, block_ = 0;
};

}  // namespace nr
