// A MIDI file played by a run of notes: every note-on makes a note, and many sound at once. Torch-free.
#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "generation/note_instrument.h"
#include "midi/file.h"

namespace nr {

struct NotePlayerConfig {
  int channel = 0;               // 0: all but 10
  int polyphony = 16;            // voices; one more takes the place of the oldest
  double release = 0.2;          // seconds that a note fades after note-off
  double velocity_range = 30;    // dB between the strongest velocity and none
  std::vector<std::string> cc{};  // number=style, 0 to 1, or number=latent0 ..., -2 to 2
};

class NotePlayer {
 public:
  // Error when the file has no note to play, or a controller moves what the instrument does not have.
  NotePlayer(const NoteInstrument& instrument, MidiFile file, const NotePlayerConfig& config);
  int64_t blocks() const { return blocks_; }  // until the last note has died away
  static constexpr int kBlock = 1024;         // samples; an event happens at the next block's start
  // The next kBlock samples. What a controller has moved is heard in the notes that sound too: they are made anew and
  // faded over in one block.
  void next(float* samples);
  void warn() const;  // of notes that could not be played

 private:
  struct Sounding {
    int channel, key;
    float gain;
    std::vector<float> note;
    size_t at = 0;
    bool held = true, pedal = false;  // pedal: it alone holds the note
    float fade = 1;
  };
  bool plays(const MidiEvent& event) const;
  void take(const MidiEvent& event);
  void lift(int channel, int key);
  void turn(const MidiEvent& event);
  void mix(Sounding& voice, float* samples, const std::vector<float>* before) const;

  const NoteInstrument& instrument_;
  MidiFile file_;
  NotePlayerConfig config_;
  MidiEvent event_;
  bool more_ = false, moved_ = false;
  int64_t blocks_ = 0, block_ = 0;
  std::vector<Sounding> voices_;
  NoteInstrument::State state_;
  std::vector<std::pair<int, int>> controllers_;  // number -> place: styles, then latents
  std::array<bool, 16> pedal_{};
  int unplayed_ = 0;
};

}  // namespace nr
