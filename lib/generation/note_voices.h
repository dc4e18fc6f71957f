// The sounding notes of a run of notes. One thread plays them and takes messages; what they sound like is made by
// another, as each note is a network's whole output. Torch-free.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "generation/note_instrument.h"

namespace nr {

struct NotePlayerConfig {
  int channel = 0;               // 0: all but 10
  int polyphony = 16;            // voices; one more takes the place of the oldest
  double release = 0.2;          // seconds that a note fades after note-off
  double velocity_range = 30;    // dB between the strongest velocity and none
  std::vector<std::string> cc{};  // number=style, 0 to 1, or number=latent0 ..., -2 to 2
};

class NoteVoices {
 public:
  // rate: Hz of the sound. Error when a controller moves what the instrument does not have.
  NoteVoices(const NoteInstrument& instrument, const NotePlayerConfig& config, int rate);

  // Of the thread that plays: they take no memory and wait for nothing.
  void note_on(int channel, int key, int velocity);  // it sounds from the next `process` behind its making on
  void note_off(int channel, int key);
  // The pedal, what ends notes, and what `cc` says. What it moves is heard in the notes that sound too: they are made
  // anew and faded over.
  void controller(int channel, int number, int value);
  void process(float* samples, int count);
  bool plays(int channel) const;
  int unplayed() const { return unplayed_; }  // notes in octaves that the model does not have
  int dropped() const { return dropped_; }    // notes that no voice was free for

  // Of any one thread: makes a note that waits for it, the newly struck first. False: none waits.
  bool make_one();

 private:
  enum : int { kIdle, kAsked, kMade };  // asked: it belongs to the thread that makes notes
  struct Voice {
    bool sounds = false, started = false;
    bool held = true, pedal = false;  // pedal: it alone holds the note
    int channel = 0, key = 0;
    float gain = 0, fade = 1;
    size_t at = 0, front = 0;  // sample; which of `note` is heard
    int crossing = 0;          // samples until the other one is heard no more
    uint64_t struck = 0;       // its number
    uint32_t version = 0;      // of the state that the newest of `note` was asked for with
    std::atomic<int> back{kIdle};
    std::array<std::vector<float>, 2> note;
  };
  Voice* free_voice();
  void ask();  // for what was made with an older state
  void mix(Voice& voice, float* samples, int count) const;

  const NoteInstrument& instrument_;
  NotePlayerConfig config_;
  int rate_;
  size_t length_;  // of a note, samples
  std::array<bool, 128> has_{};  // keys
  std::vector<Voice> voices_;
  std::vector<std::atomic<float>> state_;         // weights of styles, then the point
  std::vector<std::pair<int, int>> controllers_;  // number -> place in it
  std::array<bool, 16> pedal_{};
  uint64_t struck_ = 0;
  uint32_t version_ = 0;
  std::atomic<int> unplayed_{0}, dropped_{0};
};

}  // namespace nr
