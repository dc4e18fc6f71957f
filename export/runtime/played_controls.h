// What a player asks for in a tick: the values of the model's controls, from knobs, a pitch voltage, a gate, MIDI and
// what was heard. No hardware here.
#pragma once
#include "control_scale.h"
#include "pitch_cv.h"
#include "pitch_follower.h"
#include "midi_voice.h"

namespace nr {

// What is connected, and does not change.
struct Wiring {
  int knobs = 12;            // connected; controls beyond them keep a fixed value
  bool gate = false;         // a gate input opens and closes the level
  int note_at_0_volts = 36;  // MIDI; 36: C2, 65.4 Hz
};

// What was read for one tick.
struct Readings {
  const float* knobs = nullptr;  // 0 ... 1, [PlayedControls::knobs()]
  float volts = 0;               // of the pitch input
  bool gate = false;
  Heard heard;  // where the model hears audio
};

// Knobs belong to the controls in their order, without `pitch`, which the pitch voltage sets. A model that hears audio
// and has the control `pitch` takes pitch, periodicity and rms from what it hears: none of them has a knob then, and
// the pitch voltage transposes. A control without a knob stays in the middle of its range, periodicity at 1.
// A held MIDI note sets pitch and level, controllers 1 and 74 set the centroid, 7 scales the level.
class PlayedControls {
 public:
  static constexpr int kInputs = 12;  // of a board

  // seconds: of a tick. The model outlives this.
  PlayedControls(const nr_model& model, const Wiring& wiring, bool hears_audio, float seconds)
      : model_(model),
        wiring_(wiring),
        pitch_(control_named(model, "pitch")),
        periodicity_(control_named(model, "periodicity")),
        level_(control_named(model, "rms")),
        centroid_(control_named(model, "centroid")),
        follows_(hears_audio && pitch_ >= 0),
        release_(2.0f * seconds / kReleaseSeconds) {
    const int left = kInputs - (has_pitch() ? 1 : 0), most = wiring.knobs < left ? wiring.knobs : left;
    for (int i = 0; i < model.n_controls && knobs_ < most; ++i)
      if (has_knob(i)) knob_of_[knobs_++] = i;
  }

  bool has_pitch() const { return pitch_ >= 0; }
  bool follows() const { return follows_; }  // what it hears
  int knobs() const { return knobs_; }       // that are read
  int control_of(int knob) const { return knob_of_[knob]; }

  // As it was at the start: knobs in the middle, closed, nothing played.
  void reset() {
    for (float& smooth : smooth_) smooth = 0;
    level_now_ = -1, by_midi_ = false, cv_ = {};
  }

  // values: [model.n_controls], in [-1, 1].
  void tick(const Readings& in, const MidiVoice& voice, float* values) {
    for (int i = 0; i < model_.n_controls; ++i) values[i] = i == periodicity_ ? 1.0f : 0.0f;
    for (int k = 0; k < knobs_; ++k) {
      smooth_[k] += kSmoothing * (turned(in.knobs[k]) - smooth_[k]);
      values[knob_of_[k]] = smooth_[k];
    }
    if (centroid_ >= 0 && voice.colour() >= 0) values[centroid_] = turned(voice.colour());
    // Once a note was played the voltage counts again when the gate rises. A followed pitch, when no note is held.
    if (voice.held())
      by_midi_ = true;
    else if (follows_ || (wiring_.gate && in.gate))
      by_midi_ = false;
    if (has_pitch()) set_pitch(in, voice, values);
    if (level_ >= 0) set_level(in, voice, values[level_]);
  }

 private:
  static constexpr float kSmoothing = 0.2f;       // of a knob's change in one tick
  static constexpr float kVelocityRange = 30;     // decibels between the strongest velocity and none
  static constexpr float kReleaseSeconds = 0.1f;  // from the highest level to the lowest

  static float turned(float share) { return 2.0f * share - 1.0f; }
  bool has_knob(int control) const {
    return control != pitch_ && !(follows_ && (control == periodicity_ || control == level_));
  }

  void set_pitch(const Readings& in, const MidiVoice& voice, float* values) {
    const float volts = cv_.octaves(in.volts);
    const float zero = follows_ ? in.heard.octaves : octaves_of_note(static_cast<float>(wiring_.note_at_0_volts));
    values[pitch_] = control_at(model_.controls[pitch_], by_midi_ ? voice.octaves() : zero + volts);
    if (!follows_ || periodicity_ < 0) return;
    const nr_control& periodicity = model_.controls[periodicity_];
    values[periodicity_] = control_at(periodicity, warped(periodicity, in.heard.periodicity));
  }

  void set_level(const Readings& in, const MidiVoice& voice, float& value) {
    const nr_control& control = model_.controls[level_];
    const float quieter = kVelocityRange * (1.0f - voice.velocity());
    float level = follows_   ? control_at(control, 0.5f * kDecibelsPerOctave * log2_of(in.heard.power))
                  : by_midi_ ? control_at(control, warped(control, control.high) - quieter)
                             : value;
    level = (level + 1.0f) * voice.volume() - 1.0f;
    const bool open = voice.held() || (wiring_.gate ? in.gate : !by_midi_);
    const float closing = level_now_ - release_;
    level_now_ = open ? level : closing > -1.0f ? closing : -1.0f;
    value = level_now_;
  }

  const nr_model& model_;
  Wiring wiring_;
  int pitch_, periodicity_, level_, centroid_;
  bool follows_;
  float release_, level_now_ = -1;  // of the level, a tick
  int knob_of_[kInputs] = {}, knobs_ = 0;
  float smooth_[kInputs] = {};
  PitchCv cv_;
  bool by_midi_ = false;
};

}  // namespace nr
