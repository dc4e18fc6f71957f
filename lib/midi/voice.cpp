#include "midi/voice.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/names.h"
#include "config/reader.h"

namespace nr {
namespace {

constexpr size_t kNone = ~size_t(0), kMostHeld = 128;
constexpr int kModulation = 1, kData = 6, kVolume = 7, kExpression = 11, kDataFine = 38, kPedal = 64, kBrightness = 74,
              kParameterFine = 100, kParameter = 101, kReset = 121;
constexpr int kTaken[] = {kData, kVolume, kExpression, kDataFine, kPedal, kParameterFine, kParameter};

double clip(double x) { return std::clamp(x, -1.0, 1.0); }
// 64 is the middle of both halves, which differ by one step.
double around_middle(int value) { return value < 64 ? value / 64.0 - 1 : (value - 64) / 63.0; }
// As General MIDI 2 and FluidSynth weigh volume and expression.
double decibels(int value) { return value ? 40 * std::log10(value / 127.0) : -1e9; }

}  // namespace

size_t Voice::find(const char* name) const {
  for (size_t i = 0; i < controls_.size(); ++i)
    if (controls_[i].descriptor == name) return i;
  return kNone;
}

Voice::Voice(const std::vector<Scale>& controls, const VoiceConfig& config, double frame_seconds)
    : controls_(controls),
      config_(config),
      frame_seconds_(frame_seconds),
      pitch_(find("pitch")),
      rms_(find("rms")),
      periodicity_(find("periodicity")) {
  if (pitch_ == kNone) {
    std::vector<std::string> names;
    for (const Scale& scale : controls) names.push_back(scale.descriptor);
    fail("the model has no control 'pitch' and cannot play notes (its controls: ", names.empty() ? "none" : join(names),
         "); train one with configs/rave/harmonic.yaml");
  }
  if (rms_ != kNone) low_ = controls[rms_].low, high_ = controls[rms_].high;
  level_ = low_;
  for (Channel& channel : channels_) {
    channel.value.fill(64);
    channel.value[kVolume] = channel.value[kExpression] = channel.value[kParameter] = channel.value[kParameterFine] =
        127;
    channel.value[kPedal] = channel.value[kDataFine] = 0;
    channel.bend_range = config.bend_range;
  }
  map_controllers(config.cc);
}

void Voice::map_controllers(const std::vector<std::string>& cc) {
  std::vector<std::string> names;
  for (const Scale& scale : controls_) names.push_back(scale.descriptor);
  for (const std::string& mapping : cc) {
    const size_t equals = mapping.find('=');
    const std::string control = equals == std::string::npos ? "" : mapping.substr(equals + 1);
    int number = -1;
    if (control.empty() || !config::parse(mapping.substr(0, equals), number) || number < 0 || number >= 120)
      fail("controller '", mapping, "': expected number=control, number from 0 to 119");
    if (std::count(std::begin(kTaken), std::end(kTaken), number))
      fail("controller '", mapping, "': ", number, " has its own meaning (level, bend range, pedal)");
    const size_t place = find(control.c_str());
    if (place == kNone) fail("controller '", mapping, "': no control named '", control, "'", hint(control, names));
    if (place == pitch_ || place == rms_) fail("controller '", mapping, "': ", control, " is given by the notes");
    mappings_.push_back({number, place, false});
  }
  const size_t centroid = find("centroid");
  for (const int number : {kBrightness, kModulation}) {
    const auto same = [&](const Mapping& m) { return m.number == number; };
    if (centroid == kNone || std::any_of(mappings_.begin(), mappings_.end(), same)) continue;
    mappings_.push_back({number, centroid, number == kModulation});
    if (number == kModulation)
      for (Channel& channel : channels_) channel.value[kModulation] = 0;
  }
}

void Voice::take(const MidiEvent& event) {
  switch (event.kind) {
    case MidiEvent::Kind::kNoteOn:
      return strike(event);
    case MidiEvent::Kind::kNoteOff:
      return lift(event);
    case MidiEvent::Kind::kController:
      return turn(event);
    case MidiEvent::Kind::kBend:
      channels_[event.channel].bend = event.value;
  }
}

void Voice::strike(const MidiEvent& event) {
  end_all(event.channel, true);
  if (notes_.size() == kMostHeld) end(0);
  notes_.push_back({event.channel, event.number, event.value});
  again_ = event.number == key_;
}

// The oldest of the key's notes.
void Voice::lift(const MidiEvent& event) {
  for (size_t i = 0; i < notes_.size(); ++i) {
    HeldNote& note = notes_[i];
    if (note.channel != event.channel || note.key != event.number || note.ending || note.sustained) continue;
    if (channels_[event.channel].value[kPedal] >= 64)
      note.sustained = true;
    else
      end(i);
    return;
  }
}

// What was struck since the last frame sounds in the next one.
void Voice::end(size_t note) {
  notes_[note].ending = true;
  if (notes_[note].struck) return;
  unheard_ += !notes_[note].heard;
  notes_.erase(notes_.begin() + std::ptrdiff_t(note));
}

void Voice::end_all(int channel, bool only_sustained) {
  for (size_t i = notes_.size(); i-- > 0;)
    if (notes_[i].channel == channel && (notes_[i].sustained || !only_sustained)) end(i);
}

void Voice::turn(const MidiEvent& event) {
  Channel& channel = channels_[event.channel];
  if (event.number < 120) channel.value[event.number] = uint8_t(event.value);
  if (ends_notes(event.number)) end_all(event.channel, false);
  if (event.number == kPedal && event.value < 64) end_all(event.channel, true);
  const bool range = channel.value[kParameter] == 0 && channel.value[kParameterFine] == 0;
  if (range && event.number == kData) channel.value[kDataFine] = 0;
  if (range && (event.number == kData || event.number == kDataFine))
    channel.bend_range = channel.value[kData] + channel.value[kDataFine] / 100.0;
  if (event.number == kReset) {  // RP-015
    channel.bend = 0, channel.value[kExpression] = 127;
    channel.value[kParameter] = channel.value[kParameterFine] = 127;
    for (const Mapping& m : mappings_)
      if (m.number == kModulation) channel.value[kModulation] = m.upwards ? 0 : 64;
    channel.value[kPedal] = 0;
    end_all(event.channel, true);
  }
}

void Voice::move_pitch(const HeldNote* note) {
  if (note && (note->key != aim_ || silent())) {
    aim_ = note->key;
    const bool at_once = silent() || config_.glide <= frame_seconds_;
    step_ = at_once ? 0 : (aim_ - position_) * frame_seconds_ / config_.glide;
    if (at_once) position_ = aim_;
  }
  position_ = std::fabs(aim_ - position_) <= std::fabs(step_) * (1 + 1e-9) ? aim_ : position_ + step_;
}

void Voice::move_level(const HeldNote* note) {
  const Channel& channel = channels_[channel_];
  double aim = low_;
  if (note && !again_)
    aim = std::clamp(high_ - (1 - note->velocity / 127.0) * config_.velocity_range + decibels(channel.value[kVolume]) +
                         decibels(channel.value[kExpression]),
                     low_, high_);
  const double seconds = note && !again_ ? config_.attack : config_.release;
  const double most = (high_ - low_) * (seconds > frame_seconds_ ? frame_seconds_ / seconds : 1);
  level_ += std::clamp(aim - level_, -most, most);
}

void Voice::next(float* controls) {
  HeldNote* note = notes_.empty() ? nullptr : &notes_.back();
  if (note) channel_ = note->channel;
  const Channel& channel = channels_[channel_];
  move_pitch(note);
  move_level(note);
  for (size_t i = 0; i < controls_.size(); ++i) controls[i] = 0;
  for (const Mapping& m : mappings_) {
    const int value = channel.value[m.number];
    controls[m.control] = float(clip(controls[m.control] + (m.upwards ? value / 127.0 : around_middle(value))));
  }
  const double hz = 440 * std::exp2((position_ - 69 + channel.bend / 8192.0 * channel.bend_range) / 12);
  const Scale& pitch = controls_[pitch_];
  controls[pitch_] = pitch.normalise(float(hz));
  if (rms_ != kNone) controls[rms_] = float(clip(2 * (level_ - low_) / (high_ - low_) - 1));
  if (periodicity_ != kNone) {
    const auto mapped = [&](const Mapping& m) { return m.control == periodicity_; };
    if (silent())
      controls[periodicity_] = -1;
    else if (std::none_of(mappings_.begin(), mappings_.end(), mapped))
      controls[periodicity_] = controls_[periodicity_].normalise(float(config_.periodicity));
  }
  if (note && !note->heard)
    beyond_ += hz < pitch.physical(-1) * (1 - 1e-4) || hz > pitch.physical(1) * (1 + 1e-4), note->heard = true;
  key_ = note ? note->key : -1, again_ = false;
  for (size_t i = notes_.size(); i-- > 0;) {
    notes_[i].struck = false;
    if (notes_[i].ending) end(i);
  }
}

}  // namespace nr
