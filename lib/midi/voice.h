// Notes, bends and controllers -> a model's controls, frame by frame, as one voice of a synthesizer.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "config/checks.h"
#include "descriptors/scale.h"
#include "midi/file.h"

namespace nr {

struct VoiceConfig {
  double glide = 0, attack = 0.02, release = 0.2;
  double velocity_range = 30, bend_range = 2, periodicity = 1;
  std::vector<std::string> cc;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("glide", glide, between(0, 60), "seconds from one note's pitch to the next one's, while a note sounds");
    v("attack", attack, between(0, 60), "seconds that the level takes from the low end of its range to the high end");
    v("release", release, between(0, 60), "seconds that it takes back after a note");
    v("velocity_range", velocity_range, between(0, 120), "decibels between the strongest velocity and none");
    v("bend_range", bend_range, between(0, 48), "semitones of a whole bend, until the file sets it");
    v("periodicity", periodicity, between(0, 1), "of notes, where the model has this control");
    v("cc", cc, Any{},
      "controllers that move controls through their range, as number=control; 1 and 74 move centroid, 7 and 11 the "
      "level");
  }
};

// The last note that was struck and is held sounds; when it ends, the one held before it. After silence a note has its
// pitch at once. One shorter than a frame lasts a frame. A key struck again while its note sounds is heard as struck
// again: the level falls for a frame. Controls that nothing moves are in the middle of their range.
class Voice {
 public:
  // Error when there is no control `pitch`, or a controller cannot move what `cc` says.
  Voice(const std::vector<Scale>& controls, const VoiceConfig& config, double frame_seconds);
  void take(const MidiEvent& event);  // what happens before the next frame
  void next(float* controls);         // in [-1, 1], in the order of `controls`
  bool silent() const { return level_ <= low_; }
  int unheard() const { return unheard_; }  // notes that were covered by another for all their time
  int beyond() const { return beyond_; }    // notes whose pitch the control does not reach
  size_t pitch() const { return pitch_; }   // its place among the controls
  const Scale& pitch_range() const { return controls_[pitch_]; }

 private:
  struct HeldNote {
    int channel = 0, key = 0, velocity = 0;
    bool heard = false, struck = true;  // struck: since the last frame
    bool ending = false;                // after the next frame
    bool sustained = false;             // by the pedal alone
  };
  struct Channel {
    std::array<uint8_t, 128> value{};  // of controllers
    int bend = 0;
    double bend_range = 2;  // semitones
  };
  struct Mapping {
    int number = 0;
    size_t control = 0;
    bool upwards = false;  // from the middle; else from the low end
  };

  void map_controllers(const std::vector<std::string>& cc);
  void strike(const MidiEvent& event);
  void end(size_t note);
  void lift(const MidiEvent& event);
  void turn(const MidiEvent& event);
  void end_all(int channel, bool only_sustained);
  void move_pitch(const HeldNote* note);
  void move_level(const HeldNote* note);
  size_t find(const char* name) const;

  std::vector<Scale> controls_;
  VoiceConfig config_;
  double frame_seconds_;
  size_t pitch_, rms_, periodicity_;  // places; kNone: no such control
  std::vector<Mapping> mappings_;
  std::array<Channel, 16> channels_;
  std::vector<HeldNote> notes_;                 // in the order struck
  int channel_ = 0;                             // of the last note
  int key_ = -1;                                // that sounded in the last frame; -1: none
  bool again_ = false;                          // it was struck again
  double position_ = 69, aim_ = 69, step_ = 0;  // keys: the pitch's, where it glides to, and a frame's step
  double low_ = -60, high_ = 0, level_ = -60;   // decibels
  int unheard_ = 0, beyond_ = 0;
};

}  // namespace nr
