#include "generation/note_player.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/log.h"
#include "base/names.h"
#include "config/reader.h"

namespace nr {
namespace {

constexpr int kPercussion = 9, kPedal = 64;
constexpr float kHeadroom = 0.5f;        // a chord of two notes at full level does not clip
constexpr double kLatentRange = 2;       // of a controller, to either side

// -> number, place among styles and then latents.
std::pair<int, int> controller(const std::string& given, const NoteInstrument& instrument) {
  const size_t equals = given.find('=');
  int number;
  if (equals == std::string::npos || !config::parse(given.substr(0, equals), number) || number < 0 || number > 127)
    fail("cc '", given, "': expected number=style or number=latent0");
  std::vector<std::string> names = instrument.styles();
  for (size_t d = 0; d < instrument.dimensions(); ++d) names.push_back(text("latent", d));
  const std::string name = given.substr(equals + 1);
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) fail("cc '", given, "': the model has no '", name, "'", hint(name, names));
  return {number, int(at - names.begin())};
}

}  // namespace

NotePlayer::NotePlayer(const NoteInstrument& instrument, MidiFile file, const NotePlayerConfig& config)
    : instrument_(instrument), file_(std::move(file)), config_(config), state_(instrument.initial()) {
  for (const std::string& given : config.cc) controllers_.push_back(controller(given, instrument));
  int notes = 0;
  while (file_.next(event_)) notes += event_.kind == MidiEvent::Kind::kNoteOn && plays(event_);
  if (!notes) fail(file_.where(), ": holds no note to play");
  if (file_.unended()) log_warning(text(file_.where(), ": ", file_.unended(), " notes never ended"));
  const double seconds = file_.seconds() + double(instrument.samples()) / instrument.sample_rate();
  blocks_ = int64_t(seconds * instrument.sample_rate()) / kBlock + 1;
  file_.rewind();
  more_ = file_.next(event_);
}

bool NotePlayer::plays(const MidiEvent& event) const {
  return config_.channel ? event.channel == config_.channel - 1 : event.channel != kPercussion;
}

void NotePlayer::lift(int channel, int key) {
  for (Sounding& voice : voices_)
    if (voice.channel == channel && (key < 0 || voice.key == key) && voice.held) {
      voice.pedal = key >= 0 && pedal_[size_t(channel)];
      voice.held = voice.pedal;
    }
}

void NotePlayer::turn(const MidiEvent& event) {
  if (ends_notes(event.number)) return lift(event.channel, -1);
  if (event.number == kPedal) {
    pedal_[size_t(event.channel)] = event.value >= 64;
    for (Sounding& voice : voices_)
      if (voice.channel == event.channel && voice.pedal && event.value < 64) voice.held = voice.pedal = false;
  }
  for (const auto& [number, place] : controllers_) {
    if (number != event.number) continue;
    const float share = float(event.value) / 127;
    const size_t styles = state_.weights.size();
    if (size_t(place) < styles) state_.weights[size_t(place)] = share;
    else state_.point[size_t(place) - styles] = float(kLatentRange * (2 * share - 1));
    moved_ = true;
  }
}

void NotePlayer::take(const MidiEvent& event) {
  if (event.kind == MidiEvent::Kind::kController) return turn(event);
  if (event.kind == MidiEvent::Kind::kNoteOff) return lift(event.channel, event.number);
  if (event.kind != MidiEvent::Kind::kNoteOn) return;
  if (!instrument_.plays(event.number)) {
    ++unplayed_;
    return;
  }
  if (int(voices_.size()) >= config_.polyphony) voices_.erase(voices_.begin());
  const double decibels = config_.velocity_range * (event.value / 127.0 - 1);
  voices_.push_back({event.channel, event.number, kHeadroom * float(std::pow(10, decibels / 20)),
                     instrument_.note(event.number, state_)});
}

void NotePlayer::mix(Sounding& voice, float* samples, const std::vector<float>* before) const {
  const auto step = float(1 / std::max(1.0, config_.release * instrument_.sample_rate()));
  for (int i = 0; i < kBlock && voice.at < voice.note.size(); ++i, ++voice.at) {
    if (!voice.held) voice.fade = std::max(0.f, voice.fade - step);
    float x = voice.note[voice.at];
    const float share = float(i) / kBlock;
    if (before) x = share * x + (1 - share) * (*before)[voice.at];
    samples[i] += voice.gain * voice.fade * x;
  }
}

void NotePlayer::next(float* samples) {
  std::fill(samples, samples + kBlock, 0.f);
  const double now = double(block_++) * kBlock / instrument_.sample_rate();
  for (; more_ && event_.seconds <= now; more_ = file_.next(event_))
    if (plays(event_)) take(event_);
  for (Sounding& voice : voices_) {
    std::vector<float> before;
    if (moved_ && voice.at > 0) {
      before = std::move(voice.note);
      voice.note = instrument_.note(voice.key, state_);
    }
    mix(voice, samples, before.empty() ? nullptr : &before);
  }
  moved_ = false;
  voices_.erase(std::remove_if(voices_.begin(), voices_.end(),
                               [](const Sounding& v) { return v.at >= v.note.size() || v.fade <= 0; }),
                voices_.end());
}

void NotePlayer::warn() const {
  if (unplayed_) log_warning(text(file_.where(), ": ", unplayed_, " notes in octaves that the model does not have"));
}

}  // namespace nr
