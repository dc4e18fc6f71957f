// A MIDI file played by one voice: a model's controls over all frames, one frame at a time.
#pragma once
#include "midi/voice.h"

namespace nr {

class Performance {
 public:
  // An event happens at the nearest frame's start. channel: the one that is played; 0: all but 10, which is percussion.
  // Warns of notes that are left out or never end. Error when no note is left, or the voice cannot be made.
  Performance(MidiFile file, int channel, const std::vector<Scale>& controls, const VoiceConfig& voice,
              double frame_seconds);
  int64_t frames() const { return frames_; }  // until the last note has died away
  // Voice::next of the frames in turn. A silent frame before a note has the note's pitch already, so that nothing which
  // looks back, or moves pitch evenly from frame to frame, makes a glide of it.
  void next(float* controls);
  void warn() const;  // of notes that were not played as they are written; after the last frame

 private:
  bool plays(int channel) const;
  void advance();

  MidiFile file_;
  int channel_;
  double frame_seconds_;
  Voice voice_;
  MidiEvent event_;
  bool more_ = false;  // event_ is still to come
  int64_t frames_ = 0, frame_ = 0;
  std::vector<float> coming_;  // the next frame's controls
  bool coming_silent_ = true;
};

}  // namespace nr
