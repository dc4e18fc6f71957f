#include "generation/note_voices.h"

#include <algorithm>
#include <cmath>

#include "audio/resampler.h"
#include "base/error.h"
#include "base/names.h"
#include "config/reader.h"
#include "midi/file.h"

namespace nr {
namespace {

constexpr int kPercussion = 9, kPedal = 64;
constexpr float kHeadroom = 0.5f;   // a chord of two notes at full level does not clip
constexpr double kLatentRange = 2;  // of a controller, to either side
constexpr int kCrossing = 1024;     // samples of a fade from one making of a note to the next

// -> number, place among styles and then latents.
std::pair<int, int> controller_of(const std::string& given, const NoteInstrument& instrument) {
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

NoteVoices::NoteVoices(const NoteInstrument& instrument, const NotePlayerConfig& config, int rate)
    : instrument_(instrument),
      config_(config),
      rate_(rate),
      length_(size_t(std::ceil(double(instrument.samples()) * rate / instrument.sample_rate()))),
      voices_(size_t(config.polyphony)),
      state_(instrument.styles().size() + instrument.dimensions()) {
  for (const std::string& given : config.cc) controllers_.push_back(controller_of(given, instrument));
  for (int key = 0; key < 128; ++key) has_[size_t(key)] = instrument.plays(key);
  const NoteInstrument::State& initial = instrument.initial();
  for (size_t s = 0; s < state_.size(); ++s)
    state_[s] = s < initial.weights.size() ? initial.weights[s] : initial.point[s - initial.weights.size()];
  for (Voice& voice : voices_)
    for (std::vector<float>& note : voice.note) note.resize(length_);
}

bool NoteVoices::plays(int channel) const {
  return config_.channel ? channel == config_.channel - 1 : channel != kPercussion;
}

// One that does not sound, else the oldest. Null: the notes of all voices are still to be made.
NoteVoices::Voice* NoteVoices::free_voice() {
  Voice* oldest = nullptr;
  for (Voice& voice : voices_) {
    if (voice.back.load(std::memory_order_acquire) == kAsked) continue;
    if (!voice.sounds) return &voice;
    if (!oldest || voice.struck < oldest->struck) oldest = &voice;
  }
  return oldest;
}

void NoteVoices::note_on(int channel, int key, int velocity) {
  if (!plays(channel) || key < 0 || key > 127) return;
  if (!has_[size_t(key)]) {
    ++unplayed_;
    return;
  }
  Voice* voice = free_voice();
  if (!voice) {
    ++dropped_;
    return;
  }
  voice->sounds = voice->held = true, voice->started = voice->pedal = false;
  voice->channel = channel, voice->key = key, voice->at = 0, voice->crossing = 0, voice->fade = 1;
  voice->gain = kHeadroom * float(std::pow(10, config_.velocity_range * (velocity / 127.0 - 1) / 20));
  voice->struck = ++struck_, voice->version = version_;
  voice->back.store(kAsked, std::memory_order_release);
}

void NoteVoices::note_off(int channel, int key) {
  for (Voice& voice : voices_)
    if (voice.sounds && voice.channel == channel && (key < 0 || voice.key == key) && voice.held) {
      voice.pedal = key >= 0 && pedal_[size_t(channel)];
      voice.held = voice.pedal;
    }
}

void NoteVoices::controller(int channel, int number, int value) {
  if (!plays(channel)) return;
  if (ends_notes(number)) return note_off(channel, -1);
  if (number == kPedal) {
    pedal_[size_t(channel)] = value >= 64;
    for (Voice& voice : voices_)
      if (voice.channel == channel && voice.pedal && value < 64) voice.held = voice.pedal = false;
  }
  for (const auto& [wanted, place] : controllers_) {
    if (wanted != number) continue;
    const float share = float(value) / 127;
    const bool style = size_t(place) < instrument_.styles().size();
    state_[size_t(place)].store(style ? share : float(kLatentRange * (2 * share - 1)), std::memory_order_relaxed);
    ++version_;
  }
  ask();
}

void NoteVoices::ask() {
  for (Voice& voice : voices_)
    if (voice.sounds && voice.started && voice.crossing == 0 && voice.version != version_ &&
        voice.back.load(std::memory_order_acquire) == kIdle) {
      voice.version = version_;
      voice.back.store(kAsked, std::memory_order_release);
    }
}

bool NoteVoices::make_one() {
  Voice* next = nullptr;
  for (Voice& voice : voices_) {
    if (voice.back.load(std::memory_order_acquire) != kAsked) continue;
    if (!next || std::pair(voice.started, voice.struck) < std::pair(next->started, next->struck)) next = &voice;
  }
  if (!next) return false;
  NoteInstrument::State state = instrument_.initial();
  for (size_t s = 0; s < state_.size(); ++s)
    (s < state.weights.size() ? state.weights[s] : state.point[s - state.weights.size()]) =
        state_[s].load(std::memory_order_relaxed);
  std::vector<float> made = instrument_.note(next->key, state);
  if (rate_ != instrument_.sample_rate()) made = resample(made, instrument_.sample_rate(), rate_);
  std::vector<float>& note = next->note[1 - next->front];
  std::fill(std::copy_n(made.begin(), std::min(made.size(), length_), note.begin()), note.end(), 0.f);
  next->back.store(kMade, std::memory_order_release);
  return true;
}

void NoteVoices::mix(Voice& voice, float* samples, int count) const {
  const auto step = float(1 / std::max(1.0, config_.release * rate_));
  const std::vector<float>&note = voice.note[voice.front], &before = voice.note[1 - voice.front];
  for (int i = 0; i < count && voice.at < length_; ++i, ++voice.at) {
    if (!voice.held) voice.fade = std::max(0.f, voice.fade - step);
    float x = note[voice.at];
    if (voice.crossing) {
      const float share = 1 - float(voice.crossing--) / kCrossing;
      x = share * x + (1 - share) * before[voice.at];
    }
    samples[i] += voice.gain * voice.fade * x;
  }
  if (voice.at >= length_ || voice.fade <= 0) voice.sounds = false;
}

void NoteVoices::process(float* samples, int count) {
  std::fill(samples, samples + count, 0.f);
  for (Voice& voice : voices_) {
    if (!voice.sounds) continue;
    if (voice.back.load(std::memory_order_acquire) == kMade) {
      voice.front = 1 - voice.front;
      voice.crossing = voice.started ? kCrossing : 0;
      voice.started = true;
      voice.back.store(kIdle, std::memory_order_relaxed);
    }
    if (voice.started) mix(voice, samples, count);
  }
  ask();
}

}  // namespace nr
