// One voice played by MIDI messages: the last note has priority, and when it is let go the one before it sounds again.
#pragma once
#include <stdint.h>

namespace nr {

constexpr float kOctavesOfA4 = 8.78135971f;  // log2 of 440 Hz

// log2 of the frequency in Hz of a MIDI note; 69 is A4.
constexpr float octaves_of_note(float note) { return kOctavesOfA4 + (note - 69.0f) / 12.0f; }

class MidiVoice {
 public:
  // note, velocity, number, value: 0 ... 127; others are ignored. Velocity 0 lets the note go.
  void note_on(int note, int velocity) {
    if (!is_data(note) || !is_data(velocity)) return;
    note_off(note);
    if (velocity == 0) return;
    if (held_ == kMost) drop(0);
    stack_[held_++] = {static_cast<uint8_t>(note), static_cast<uint8_t>(velocity)};
    last_ = stack_[held_ - 1];
    played_ = true;
  }
  void note_off(int note) {
    for (int i = 0; i < held_; ++i)
      if (stack_[i].note == note) drop(i);
    if (held_ > 0) last_ = stack_[held_ - 1];
  }
  void bend(int value) {  // -8192 ... 8191
    bend_ = value < -8192 ? -8192 : value > 8191 ? 8191 : value;
  }
  // 1 and 74: colour; 7: volume; 120 and 123: all notes off; 121: bend and controllers as after a start.
  void control_change(int number, int value) {
    if (!is_data(value)) return;
    if (number == 1 || number == 74) colour_ = value / 127.0f;
    if (number == 7) volume_ = value / 127.0f;
    if (number == 120 || number == 123) held_ = 0;
    if (number == 121) colour_ = -1.0f, volume_ = 1.0f, bend_ = 0;
  }

  bool held() const { return held_ > 0; }
  bool played() const { return played_; }  // a note, ever
  // Of the note that sounds, or sounded last: log2 of Hz, with the bend of up to two semitones.
  float octaves() const { return octaves_of_note(last_.note + bend_ * (kBendSemitones / 8192)); }
  float velocity() const { return last_.velocity / 127.0f; }
  float volume() const { return volume_; }  // 0 ... 1
  float colour() const { return colour_; }  // 0 ... 1; < 0: no controller has said

 private:
  static constexpr int kMost = 16;  // notes held at once; the oldest is forgotten
  static constexpr float kBendSemitones = 2;
  struct Note {
    uint8_t note, velocity;
  };
  static bool is_data(int x) { return x >= 0 && x <= 127; }
  void drop(int at) {
    --held_;
    for (int i = at; i < held_; ++i) stack_[i] = stack_[i + 1];
  }

  Note stack_[kMost] = {}, last_ = {69, 0};
  int held_ = 0, bend_ = 0;
  float colour_ = -1, volume_ = 1;
  bool played_ = false;
};

}  // namespace nr
